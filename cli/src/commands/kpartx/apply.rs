//! Devices changed as they are wanted: all, or none.

use super::grammar::Request;
use crate::change::guardian;
use crate::world::World;
use activate::guardian::{Guardian, GuardianError};
use dm::tree::{Execution, Finished, Have, Plan, Settings, TreeError, Want, Warning};
use dm::{DmError, NodeDir, Settled, Udev, UdevFlags};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use thiserror::Error;

/// Why devices are as they were.
#[derive(Debug, Error)]
pub(super) enum ApplyError {
    #[error(transparent)]
    Tree(#[from] TreeError),
    #[error(transparent)]
    Device(#[from] DmError),
    #[error(transparent)]
    Guardian(#[from] GuardianError),
}

/// What udev's rules leave out.
pub(super) fn flags(request: &Request) -> UdevFlags {
    if request.wait { UdevFlags::NONE } else { UdevFlags::DISABLE_FALLBACK }
}

/// How nodes are made and udev is waited for. Nodes that are made here look like that of the disk.
pub(super) fn settings(world: &World, request: &Request, node: &Path) -> Settings {
    let udev = match (world.activation.udev, request.wait) {
        (Udev::Running, false) => Udev::Unawaited,
        (udev, _) => udev,
    };
    let mapper = NodeDir::new(world.devices.dev.join("mapper"));
    let nodes = match std::fs::metadata(node) {
        Ok(stat) => mapper.with_owner(stat.uid(), stat.gid(), stat.permissions().mode() & 0o777),
        Err(_) => mapper,
    };
    let mut settings = Settings::new(udev, Some(nodes));
    settings.timeout = world.activation.timeout;
    settings
}

/// Does it all, or nothing. Should this process be killed, a guardian lets I/O through again and takes away
/// what udev counts by.
pub(super) fn apply(world: &mut World, want: Want, settings: &Settings) -> Result<(), ApplyError> {
    let have = Have::observe(&*world.dm, &want)?;
    let plan = Plan::new(want, &have)?;
    if plan.is_empty() {
        return Ok(());
    }
    let suspends = plan.suspends();
    let called_for = suspends || settings.udev == Udev::Running;
    let mut guardian =
        guardian(world, Vec::new()).filter(|_| called_for).map(|spawn| spawn.spawn()).transpose()?;
    let interrupted = || world.is_interrupted();
    let execution = Execution::new(&*world.dm, plan, settings.clone())?;
    let finished = carry_out(execution, guardian.as_mut(), suspends, &|| !interrupted())?;
    drop(guardian);
    tell(world, &finished);
    Ok(())
}

fn carry_out(
    mut execution: Execution<'_>,
    guardian: Option<&mut Guardian>,
    suspends: bool,
    go_on: &dyn Fn() -> bool,
) -> Result<Finished, ApplyError> {
    let done = change(&mut execution, guardian, suspends);
    if let Err(error) = done {
        // udev is waited for all the same; the first error is the one that matters.
        let _ = execution.finish(go_on);
        return Err(error);
    }
    Ok(execution.finish(go_on)?)
}

fn change(
    execution: &mut Execution<'_>,
    mut guardian: Option<&mut Guardian>,
    suspends: bool,
) -> Result<(), ApplyError> {
    if let Some(guardian) = guardian.as_deref_mut() {
        guardian.cookies(&execution.cookies())?;
    }
    execution.preload()?;
    if let Some(guardian) = guardian.filter(|_| suspends)
        && let Err(error) = guardian.watch(execution.guarded(), Vec::new())
    {
        execution.revert();
        return Err(error.into());
    }
    execution.suspend()?;
    Ok(execution.resume()?)
}

fn tell(world: &mut World, finished: &Finished) {
    for warning in &finished.warnings {
        match warning {
            Warning::Node(error) => world.bare_error(error),
            Warning::ReadAhead { name, errno } => {
                world.bare_error(format_args!("{name}: the read-ahead cannot be set: {errno}"));
            }
            Warning::Stray { name, error } => {
                world.bare_error(format_args!("{name} is left behind: {error}"));
            }
        }
    }
    if let Settled::TimedOut { left } = finished.settled {
        world.bare_error(format_args!("udev has not answered {left} events"));
    }
}
