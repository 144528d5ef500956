//! Encoding to the byte, and answers of any bytes.

use super::*;
use crate::{Access, DevNo, Device, DmName, DmUuid, Event, UdevFlags};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, proptest};

fn name(text: &str) -> DmName {
    DmName::new(text).unwrap()
}

#[test]
fn the_ioctls_lie_in_memory_as_the_kernel_reads_them() {
    let (own, uuid) = (name("vg-lv"), DmUuid::new("LVM-x").unwrap());
    let mut create = Request::create(&own, Some(&uuid), Some(DevNo::new(253, 300)));
    let bytes = create.buffer_mut();
    assert_eq!(bytes.len(), 312);
    assert_eq!(bytes[..4], 4u32.to_ne_bytes());
    assert_eq!(bytes[16..20], 312u32.to_ne_bytes());
    assert_eq!(bytes[28..32], 8u32.to_ne_bytes());
    assert_eq!(bytes[40..48], 0x10_fd2cu64.to_ne_bytes());
    assert_eq!(&bytes[48..54], b"vg-lv\0");
    assert_eq!(&bytes[176..182], b"LVM-x\0");
}

#[test]
fn a_load_carries_its_targets_aligned_and_its_backslashes_doubled() {
    let table = "0 8 linear 7:0 2048\n8 8 crypt a\\b".parse().unwrap();
    let mut load = Request::load(Device::Number(DevNo::new(253, 1)), &table, Access::ReadOnly).unwrap();
    let bytes = load.buffer_mut();
    assert_eq!(bytes[20..24], 2u32.to_ne_bytes());
    assert_eq!(bytes[28..32], 1u32.to_ne_bytes());
    assert_eq!(bytes[320..328], 8u64.to_ne_bytes());
    assert_eq!(bytes[332..336], 56u32.to_ne_bytes());
    assert_eq!(&bytes[336..343], b"linear\0");
    assert_eq!(&bytes[352..361], b"7:0 2048\0");
    assert_eq!(&bytes[368 + 40..368 + 45], b"a\\\\b\0");
    assert_eq!(bytes.len(), 368 + 48);
}

#[test]
fn an_event_is_flags_above_and_a_cookie_below() {
    let event = Event { flags: UdevFlags::INTERNAL, cookie: 0xbeef };
    let mut resume = Request::resume(Device::Name(&name("a")), Suspend::default(), event);
    assert_eq!(resume.buffer_mut()[32..36], 0x004e_beefu32.to_ne_bytes());
}

#[test]
fn what_the_kernel_cannot_find_is_refused_before_it_is_asked() {
    let own = name("a");
    for lines in ["0 8 linear disk:1 0", "0 8 linear image.img 0", "0 8 a-target-of-16-by x"] {
        let refused = Request::load(Device::Name(&own), &lines.parse().unwrap(), Access::ReadWrite);
        assert!(refused.is_err(), "{lines}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn an_answer_of_any_bytes_is_read_or_refused(
        header in vec(any::<u8>(), 312),
        data in vec(any::<u8>(), 0..200),
        small in any::<u8>(),
    ) {
        let mut request = Request::list();
        request.buffer.clear();
        request.buffer.extend(header);
        request.buffer.extend(data);
        for sane in [false, true] {
            if sane {
                // Lengths that lead further in.
                let end = request.buffer.len() as u32;
                abi::put_u32(&mut request.buffer, abi::DATA_START, 312);
                abi::put_u32(&mut request.buffer, abi::DATA_SIZE, end);
                abi::put_u32(&mut request.buffer, abi::TARGET_COUNT, u32::from(small));
            }
            let _ = request.device_info();
            let _ = request.listed();
            let _ = request.target_versions();
            let _ = request.dependencies();
            let _ = request.statuses();
            let _ = request.targets_loaded();
            let _ = request.reply();
        }
    }
}
