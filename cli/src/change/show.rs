//! `--plan`: what would change, as text or as one JSON document. Nothing is written.

use super::check::Change;
use super::diff::{Diff, LvDiff};
use super::properties::PropertyDiff;
use super::{Before, Planned, Sizes};
use crate::making::DevicePlan;
use crate::options::Opt;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use activate::{Activation, NodeChange};
use metadata::model::{Collection, Vg};
use metadata::plan::Consent;
use serde::Serialize;
use std::collections::BTreeMap;
use store::VgOnDisk;
use units::{Bytes, Id};

/// What a change does, to be noted down.
#[derive(Serialize)]
pub(super) struct Noted {
    #[serde(flatten)]
    diff: Diff,
    devices: Vec<DevicePlan>,
    nodes: Vec<serde_json::Value>,
}

/// What a checked change does.
pub(super) fn done(session: &Session, before: &Before, change: &Change) -> Noted {
    let device = |pv: Id| device_name(session, before, &change.planned, pv);
    let next = &change.planned.proposal.next;
    Noted {
        diff: Diff::new(before.vg().map(|vg| &vg.vg), next, &device),
        devices: change.planned.joining.iter().map(DevicePlan::joined).collect(),
        nodes: change.activation.nodes.iter().map(node).collect(),
    }
}

/// What a change does to the text of one of several VGs.
pub(super) fn noted(before: Option<&Vg>, next: &Vg, device: &dyn Fn(Id) -> String) -> Noted {
    Noted { diff: Diff::new(before, next, device), devices: Vec::new(), nodes: Vec::new() }
}

/// What the end of a VG means.
#[derive(Serialize)]
pub(super) struct End {
    remove: String,
    diff: Diff,
}

/// What goes with a VG.
pub(super) fn end_of_vg(session: &Session, on_disk: &VgOnDisk) -> End {
    let device = |pv: Id| match on_disk.disk_of(pv) {
        Some(disk) => session.disk_name(disk),
        None => "[unknown]".to_owned(),
    };
    let mut nothing = on_disk.vg.clone();
    nothing.lvs = Collection::default();
    nothing.pvs = Collection::default();
    End { remove: on_disk.vg.name.clone(), diff: Diff::new(Some(&on_disk.vg), &nothing, &device) }
}

/// Shows the plan.
pub(super) fn plan(parsed: &Parsed, world: &mut World, session: &Session, before: &Before, change: &Change) {
    let diff = diff(session, before, &change.planned);
    let asks: Vec<String> = change.planned.proposal.consents.iter().map(consent).collect();
    let mut joined: Vec<DevicePlan> = change.planned.joining.iter().map(DevicePlan::joined).collect();
    let remade = change.planned.remade.values();
    joined.extend(remade.map(|pv| DevicePlan::remade(&session.disk_name(pv.disk), pv)));
    if is_json(parsed) {
        return world.planned(&Plan { diff, devices: joined }, &asks);
    }
    let sizes = Sizes::new(session);
    for line in joined.iter().flat_map(|device| device.lines(sizes)).chain(lines(&diff, sizes)) {
        world.report(line);
    }
    end(world, &asks);
}

/// What would change of the VG.
pub(super) fn diff(session: &Session, before: &Before, planned: &Planned) -> Diff {
    let device = |pv: Id| device_name(session, before, planned, pv);
    Diff::new(before.vg().map(|vg| &vg.vg), &planned.proposal.next, &device)
}

/// What would change, with what would happen to devices that join or get other headers.
#[derive(Serialize)]
struct Plan {
    #[serde(flatten)]
    diff: Diff,
    devices: Vec<DevicePlan>,
}

/// Shows what would become of several VGs.
pub(super) fn regrouped(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    vgs: &[(Option<&Vg>, &Vg)],
    device: &dyn Fn(Id) -> String,
) {
    let diffs: Vec<Diff> = vgs.iter().map(|(before, next)| Diff::new(*before, next, device)).collect();
    if is_json(parsed) {
        return world.planned(&serde_json::json!({ "vgs": diffs }), &[]);
    }
    for line in diffs.iter().flat_map(|diff| lines(diff, Sizes::new(session))) {
        world.report(line);
    }
    end(world, &[]);
}

/// Shows what would go with a VG.
pub(super) fn removal(
    parsed: &Parsed,
    world: &mut World,
    session: &Session,
    on_disk: &VgOnDisk,
    consents: &[Consent],
) {
    let end_of_vg = end_of_vg(session, on_disk);
    let asks: Vec<String> = consents.iter().map(consent).collect();
    if is_json(parsed) {
        return world.planned(&end_of_vg, &asks);
    }
    world.report(format_args!("VG    remove {}", on_disk.vg.name));
    for line in lines(&end_of_vg.diff, Sizes::new(session)).into_iter().skip(1) {
        world.report(line);
    }
    end(world, &asks);
}

/// Shows a plan that concerns devices alone.
pub(crate) fn devices<'a>(
    parsed: &Parsed,
    world: &mut World,
    sizes: Sizes,
    devices: &[DevicePlan],
    asks: impl Iterator<Item = &'a Consent>,
) {
    let asks: Vec<String> = asks.map(consent).collect();
    if is_json(parsed) {
        return world.planned(&serde_json::json!({ "devices": devices }), &asks);
    }
    for line in devices.iter().flat_map(|device| device.lines(sizes)) {
        world.report(line);
    }
    end(world, &asks);
}

/// Whether a plan is asked for as a document.
pub(crate) fn is_json(parsed: &Parsed) -> bool {
    parsed.str(Opt::Reportformat).is_some_and(|format| format.starts_with("json"))
}

/// The end of a plan in words.
pub(crate) fn end(world: &mut World, asks: &[String]) {
    for asked in asks {
        world.report(format_args!("asks  {asked}"));
    }
    world.report("Nothing was written (--plan).");
}

/// What a PV's device is called.
fn device_name(session: &Session, before: &Before, planned: &Planned, pv: Id) -> String {
    let known = before.vg().and_then(|vg| vg.pvs.get(&pv));
    let new = || planned.pvs(before).find(|new| new.id() == pv);
    match known.or_else(new) {
        Some(pv) => session.disk_name(pv.disk),
        None => "[unknown]".to_owned(),
    }
}

fn lines(diff: &Diff, sizes: Sizes) -> Vec<String> {
    let mut lines = vec![match &diff.vg_before {
        Some(old) => format!("VG    {old} becomes {} (seqno {} -> {})", diff.vg, diff.seqno.0, diff.seqno.1),
        None => format!("VG    {} (seqno {} -> {})", diff.vg, diff.seqno.0, diff.seqno.1),
    }];
    lines.extend(properties(&diff.properties).map(|property| format!("VG    change {property}")));
    lines.extend(diff.pvs_added.iter().map(|pv| format!("PV    add {pv}")));
    lines.extend(diff.pvs_removed.iter().map(|pv| format!("PV    remove {pv}")));
    lines.extend(diff.pvs_changed.iter().map(|change| format!("PV    change {change}")));
    for lv in &diff.lvs {
        lines.push(lv_line(diff, lv, sizes));
        lines.extend(properties(&lv.properties).map(|property| format!("      {property}")));
        if lv.table_before != lv.table_after {
            lines.extend(lv.table_before.iter().map(|target| format!("      - {target}")));
            lines.extend(lv.table_after.iter().map(|target| format!("      + {target}")));
        }
        if lv.bytes_at_risk > 0 {
            let risk = sizes.show(Bytes::new(lv.bytes_at_risk).sectors());
            lines.push(format!("      {risk} at risk: data there would no longer be reachable"));
        }
    }
    lines.extend(diff.extents.iter().map(|run| {
        let count = run.last - run.first + 1;
        format!("PE    {} {}:{}-{} ({count} extents, {})", run.action, run.pv, run.first, run.last, run.lv)
    }));
    lines
}

/// Properties that change; names are told of elsewhere.
fn properties<'a>(properties: &'a BTreeMap<&'static str, PropertyDiff>) -> impl Iterator<Item = String> + 'a {
    properties.iter().filter(|(name, _)| **name != "name").map(|(name, diff)| format!("{name}: {diff}"))
}

fn lv_line(diff: &Diff, lv: &LvDiff, sizes: Sizes) -> String {
    let show = |bytes| sizes.show(Bytes::new(bytes).sectors());
    let name = format!("{}/{}", diff.vg, lv.name);
    match (lv.action, &lv.name_before) {
        ("create", _) => format!("LV    create {name}, {}", show(lv.size_after)),
        ("remove", _) => format!("LV    remove {name}, {}", show(lv.size_before)),
        ("extend" | "reduce", _) => {
            format!("LV    {} {name}, {} -> {}", lv.action, show(lv.size_before), show(lv.size_after))
        }
        (_, Some(old)) => format!("LV    rename {old} to {name}"),
        (action, None) => format!("LV    {action} {name}"),
    }
}

/// What would be asked.
pub(crate) fn consent(consent: &Consent) -> String {
    match consent {
        Consent::Shrink { lv, .. } => format!("whether to reduce {lv}"),
        Consent::FileSystemSteps { name, steps, .. } => {
            format!("whether to resize the {name} file system: {steps}")
        }
        Consent::Wipe { device, signature, offset } => {
            format!("whether to wipe the {signature} signature on {device} at offset {offset}")
        }
        Consent::InitialisePv { device, vg } => {
            format!("whether to take {device} from {}", vg.as_deref().unwrap_or("an unknown VG"))
        }
        Consent::WipePv { device, vg } => {
            let vg = vg.as_deref().unwrap_or("an unknown VG");
            format!("whether to wipe the label of {device}, a PV of {vg}")
        }
        Consent::PretendSize { device, pretended, .. } | Consent::ResizePv { device, pretended, .. } => {
            format!("whether {device} shall claim {pretended} sectors")
        }
        Consent::ChangeCopies { vg, to, .. } => {
            format!("whether {vg} shall have {to} copies of its metadata")
        }
        Consent::RestoreActive { vg, active } => {
            format!("whether to restore {vg} while {active} volumes are active")
        }
        Consent::ChangeOwner { vg, to: Some(to), .. } => format!("whether {vg} shall belong to {to}"),
        Consent::ChangeOwner { vg, to: None, .. } => format!("whether {vg} shall belong to no host"),
        Consent::RemoveLv { lv, .. } => format!("whether to remove {lv}"),
        Consent::RemoveVg { vg, lvs } => format!("whether to remove {vg} with {lvs} logical volumes"),
    }
}

/// Shows what would become of devices.
pub(super) fn activation(parsed: &Parsed, world: &mut World, vg: &Vg, plan: &Activation) {
    if is_json(parsed) {
        return world.planned(&wished(vg, plan), &[]);
    }
    for change in &plan.nodes {
        let action = match (&change.before, &change.after) {
            (None, _) => "start",
            (Some(_), None) => "stop",
            (Some(_), Some(_)) => "reload",
        };
        world.report(format_args!("DM    {action} {}", change.lv_name));
        for table in change.before.iter().filter(|_| action != "stop") {
            table.targets.iter().for_each(|target| world.report(format_args!("      - {target}")));
        }
        if let Some(table) = &change.after {
            table.targets.iter().for_each(|target| world.report(format_args!("      + {target}")));
        }
    }
    world.report("Nothing was written (--plan).");
}

/// What a wish does, to be noted down.
pub(super) fn wished(vg: &Vg, plan: &Activation) -> serde_json::Value {
    let nodes: Vec<_> = plan.nodes.iter().map(node).collect();
    serde_json::json!({ "vg": vg.name, "uuid": vg.id.to_string(), "nodes": nodes })
}

fn node(change: &NodeChange) -> serde_json::Value {
    let table = |table: &Option<dm::Table>| -> Vec<String> {
        table.iter().flat_map(|table| &table.targets).map(ToString::to_string).collect()
    };
    let name = |name: &Option<dm::DmName>| name.as_ref().map(ToString::to_string);
    serde_json::json!({
        "lv": change.lv_name,
        "uuid": change.lv.to_string(),
        "name_before": name(&change.name_before),
        "name_after": name(&change.name_after),
        "table_before": table(&change.before),
        "table_after": table(&change.after),
        "read_only": change.read_only,
    })
}
