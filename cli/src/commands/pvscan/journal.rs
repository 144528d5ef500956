//! Lines for systemd's journal, by its own protocol: a datagram of fields, a line each.

use std::os::unix::net::UnixDatagram;

const SOCKET: &str = "/run/systemd/journal/socket";

/// Sends a line. Where there is no journal, or it does not listen, nobody misses it.
pub(super) fn send(line: &str) {
    let message = format!("PRIORITY=6\nSYSLOG_IDENTIFIER=lvm\nMESSAGE={}\n", line.replace('\n', " "));
    let _ = UnixDatagram::unbound().and_then(|socket| socket.send_to(message.as_bytes(), SOCKET));
}
