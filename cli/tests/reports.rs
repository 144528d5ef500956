//! Reports whose shape no other program shows.

mod kit;

use kit::Place;

#[test]
fn a_column_may_be_wider_than_a_format_can_say() {
    let place = Place::with(&["a"]);
    let tags: Vec<String> = (0..600).map(|n| format!("{n:0>120}")).collect();
    place.run(&format!(
        "vgcreate {} vg %a",
        tags.iter().map(|tag| format!("--addtag {tag}")).collect::<Vec<_>>().join(" ")
    ));
    let said = place.run("vgs -o vg_tags,vg_name");
    let width = tags.join(",").len();
    let blanks = " ".repeat(width - "VG Tags".len());
    assert_eq!(said.out, format!("  VG Tags{blanks} VG\n  {} vg\n", tags.join(",")), "{}", said.err);
}
