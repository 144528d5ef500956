//! The shape of the workspace, held by a test: who may depend on whom, where `unsafe` may stand, and that what is made
//! for tests stays out of the binary that is shipped. ARCHITECTURE.md draws the same arrows.
#![forbid(unsafe_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Each crate with the crates it may name directly; what those may name, it may name too.
const ARROWS: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("conf", &["units"]),
    ("device", &["units"]),
    ("dm", &["units"]),
    ("metadata", &["conf"]),
    ("vg", &["metadata"]),
    ("lv", &["metadata"]),
    ("report", &["metadata"]),
    ("partition", &["device"]),
    ("map", &["partition", "dm"]),
    ("pv", &["metadata", "device", "partition"]),
    ("store", &["pv"]),
    ("engine", &["device", "dm"]),
    ("activate", &["store", "vg", "lv", "dm", "engine"]),
    ("cli", &["report", "map", "activate"]),
    ("man", &["cli"]),
    ("tests", &["cli"]),
];

/// The crates that may hold `unsafe`, and only in their `sys` modules.
const UNSAFE: &[&str] = &["device", "dm"];

/// The feature that holds fault disks and the simulated kernel.
const TESTING: &str = "testing";

#[test]
fn every_dependency_inside_the_workspace_follows_a_drawn_arrow() {
    let allowed = allowed();
    let mut wrong = Vec::new();
    for package in packages() {
        let Some(from) = allowed.get(&package.name) else {
            wrong.push(format!("{} is not in the drawing", package.name));
            continue;
        };
        for dependency in &package.dependencies {
            // A crate may name itself as a dev-dependency to turn its own features on for its own tests.
            let own_tests = dependency.dev && dependency.name == package.name;
            if !own_tests && !from.contains(&dependency.name) {
                wrong.push(format!("{} -> {}", package.name, dependency.name));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that are not drawn: {wrong:#?}");
}

#[test]
fn the_testing_feature_is_only_asked_for_by_tests() {
    let mut wrong = Vec::new();
    for package in packages() {
        if package.default_features.iter().any(|feature| feature.contains(TESTING)) {
            wrong.push(format!("{} has it on by default", package.name));
        }
        for dependency in &package.dependencies {
            let for_tests = dependency.dev || package.name == "tests";
            if dependency.features.contains(TESTING) && !for_tests {
                wrong.push(format!("{} -> {}", package.name, dependency.name));
            }
        }
    }
    assert!(wrong.is_empty(), "`{TESTING}` asked for outside tests: {wrong:#?}");
}

#[test]
fn the_shipped_binary_is_built_without_the_testing_feature() {
    let tree =
        cargo(&["tree", "--edges", "normal,build,features", "--package", "rlvm-cli", "--prefix", "none"]);
    assert!(tree.contains("rlvm-units"), "cargo tree shows no workspace crate:\n{tree}");
    let on: Vec<&str> =
        tree.lines().filter(|line| line.contains(&format!("feature \"{TESTING}\""))).collect();
    assert!(on.is_empty(), "a release build of rlvm-cli has: {on:#?}");
}

#[test]
fn every_crate_forbids_unsafe_code_but_the_two_that_speak_to_the_kernel() {
    let mut wrong = Vec::new();
    for package in packages().iter().filter(|package| !UNSAFE.contains(&package.name.as_str())) {
        for root in &package.roots {
            if !read(root).lines().any(|line| line.trim() == "#![forbid(unsafe_code)]") {
                wrong.push(root.display().to_string());
            }
        }
    }
    assert!(wrong.is_empty(), "crate roots without #![forbid(unsafe_code)]: {wrong:#?}");
}

#[test]
fn unsafe_stands_only_in_sys_modules_and_says_why_it_is_sound() {
    let mut wrong = Vec::new();
    for package in packages().iter().filter(|package| UNSAFE.contains(&package.name.as_str())) {
        let sys = package.directory.join("src/sys");
        // Counting allocators and the like cannot do without; they never ship.
        let tests = package.directory.join("tests");
        for file in sources(&package.directory) {
            let text = read(&file);
            let lines: Vec<&str> = text.lines().collect();
            for (at, line) in lines.iter().enumerate().filter(|(_, line)| opens_unsafe(line)) {
                if !file.starts_with(&sys) && !file.starts_with(&tests) {
                    wrong.push(format!("{}:{}: outside sys: {line}", file.display(), at + 1));
                }
                let explained =
                    lines[at.saturating_sub(6)..at].iter().any(|line| line.contains("// SAFETY:"));
                if line.contains("unsafe {") && !explained {
                    wrong.push(format!("{}:{}: no // SAFETY: above it: {line}", file.display(), at + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

struct Package {
    name: String,
    directory: PathBuf,
    dependencies: Vec<Dependency>,
    default_features: BTreeSet<String>,
    /// The source files that libraries and binaries begin in.
    roots: Vec<PathBuf>,
}

struct Dependency {
    name: String,
    dev: bool,
    features: BTreeSet<String>,
}

/// The drawing with every arrow's consequences filled in.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, direct) in ARROWS {
        let mut reach: BTreeSet<String> = direct.iter().map(|to| to.to_string()).collect();
        for to in *direct {
            let below = all.get(*to).expect("the drawing lists a crate after those it may name");
            reach.extend(below.iter().cloned());
        }
        all.insert(name.to_string(), reach);
    }
    all
}

fn packages() -> Vec<Package> {
    let text = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&text).expect("cargo metadata writes JSON");
    array(&metadata["packages"]).iter().map(package).collect()
}

fn package(value: &Value) -> Package {
    let manifest = PathBuf::from(string(&value["manifest_path"]));
    let roots = array(&value["targets"])
        .iter()
        .filter(|target| strings(&target["kind"]).iter().any(|kind| kind == "lib" || kind == "bin"));
    Package {
        name: short_name(string(&value["name"])).unwrap_or_else(|| string(&value["name"]).to_owned()),
        directory: manifest.parent().expect("a manifest stands in a directory").to_owned(),
        dependencies: array(&value["dependencies"]).iter().filter_map(dependency).collect(),
        default_features: strings(&value["features"]["default"]),
        roots: roots.map(|target| PathBuf::from(string(&target["src_path"]))).collect(),
    }
}

fn dependency(value: &Value) -> Option<Dependency> {
    let name = short_name(string(&value["name"]))?;
    Some(Dependency { name, dev: value["kind"] == "dev", features: strings(&value["features"]) })
}

/// `units` for the package `rlvm-units`; nothing for a package from elsewhere.
fn short_name(package: &str) -> Option<String> {
    package.strip_prefix("rlvm-").map(str::to_owned)
}

fn opens_unsafe(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe")
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a crate's directory can be read") {
        let path = entry.expect("its entries too").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {}: {errors}", arguments.join(" "));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn strings(value: &Value) -> BTreeSet<String> {
    array(value).iter().map(|item| string(item).to_owned()).collect()
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
