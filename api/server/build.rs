//! The pages are embedded at build time: build again when they were.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
