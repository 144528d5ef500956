//! What would be done, as text and as JSON.

use super::grammar::Request;
use crate::exit::Exit;
use crate::world::World;
use dm::tree::{Phase, Step};

/// Shows loop devices and steps in the order in which they would be used and done.
pub(super) fn show(
    world: &mut World,
    request: &Request,
    before: &[String],
    steps: &[(Phase, Step)],
    after: &[String],
) -> Exit {
    let steps = steps.iter().map(|(_, step)| step.to_string());
    if request.json {
        let steps: Vec<String> = steps.collect();
        let change = serde_json::json!({ "attach": before, "devices": steps, "detach": after });
        let document = serde_json::json!({ "plan": { "changes": [change], "asks": [] } });
        let text = serde_json::to_string_pretty(&document).unwrap_or_default();
        world.raw(format!("{text}\n"));
        return Exit::OK;
    }
    for line in before.iter().cloned().chain(steps).chain(after.iter().cloned()) {
        world.raw(format!("{line}\n"));
    }
    Exit::OK
}
