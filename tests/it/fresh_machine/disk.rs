//! A disk that is really full while the file of a backup is written: a small one of the machine's own.

use std::fs;

use serde_json::Value;

use super::{READY, install, needs_what_it_takes, until};
use crate::support::{Machine, Started, Terminal};

const FLOW: &str = r#"{"format": "hookloom.flow/1", "name": "files",
    "endpoints": [{"name": "in", "auth": {"kind": "shared_key", "secret": "key"}, "body_memory": "b"}],
    "steps": [{"name": "keep", "kind": "set", "values": {"text": "kept"}}],
    "outputs": [{"name": "kept", "step": "keep"}]}"#;
/// Bytes that no packer makes fewer: writing them takes long enough to stop it in between.
const SEND: &str = "for n in $(seq 64); do head -c 1000000 /dev/urandom | curl -fsS --data-binary @- \
    -H 'Content-Type: application/octet-stream' \
    'http://127.0.0.1:4747/api/webhook/local/files?key=a-key-of-the-disk' >>answers || exit 1; done";

#[test]
#[ignore = "needs packages, root and the network: `make dist test-fresh`"]
fn fresh_machine_whose_disk_fills_up_while_a_backup_is_written_keeps_no_half_of_it_and_goes_on() {
    needs_what_it_takes();
    let mut machine = Machine::fresh();
    install(&machine, "sudo apt install --no-install-recommends ./");
    machine.with_network("sudo apt install curl");
    machine.start();
    let (desk, server) = with_a_small_disk(&machine);
    desk.done("hookloom backup");

    // What the machine sees on its small disk.
    let disk = machine.seen_inside("home/ada/small");
    let owner: Value =
        serde_json::from_slice(&fs::read(disk.join("owner.json")).expect("it runs")).expect("JSON");
    let process = owner["pid"].to_string();
    let shelf = disk.join("backups");
    let making = desk.start("hookloom backup");
    until("half a file", || {
        match fs::metadata(shelf.join(".unfinished-archive")) {
            Ok(half) if half.len() > 0 => Ok(()),
            _ => Err(making.said()),
        }
    });
    // It stands still until somebody else has taken all the room.
    machine.signal("STOP", &process);
    let half = fs::metadata(shelf.join(".unfinished-archive")).expect("it was not done yet");
    assert!(half.len() < 60_000_000, "{half:?}");
    desk.run("cat /dev/zero >small/somebody-else");
    machine.signal("CONT", &process);
    server.goes_on();
    until("why there is none", || match making.said() {
        said if said.contains("not enough room") && said.contains("MB are needed") => Ok(()),
        said => Err(said),
    });
    assert_eq!(making.ends(), 1);
    assert_eq!(
        fs::read_dir(&shelf).expect("a folder").count(),
        1,
        "no half of one is left"
    );
    // The server says how it is, and goes on when there is room.
    assert_eq!(desk.run("curl -fsS http://127.0.0.1:4748/healthz").1, 0);
    desk.done("rm small/somebody-else");
    until("work", || match desk.run(&SEND.replace("64", "1")) {
        (_, 0) => Ok(()),
        (said, _) => Err(said),
    });
    desk.done("hookloom backup");
    let listed = desk.done("hookloom backup list --json");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!(
        listed["items"].as_array().map(Vec::len),
        Some(2),
        "{listed}"
    );
    machine.signal("TERM", &process);
    assert_eq!(server.ends(), 0);
    for backup in listed["items"].as_array().expect("two") {
        let name = backup["name"].as_str().expect("a name");
        desk.done(&format!("hookloom restore --dry-run {name}"));
    }
}

/// A server whose data lie on a disk of 256 MB, with 64 MB of files that came in.
fn with_a_small_disk(machine: &Machine) -> (Terminal<'_>, Started) {
    machine.write("files.json", FLOW);
    machine.write("vault.key", &"5a".repeat(32));
    let mut desk = Terminal::of(machine);
    desk.done("chmod 600 vault.key; mkdir small");
    desk.done("sudo mount -t tmpfs -o size=256m,uid=1000,gid=1000,mode=700 tmpfs small");
    desk.export("export HOOKLOOM_DATA=$PWD/small HOOKLOOM_VAULT=file HOOKLOOM_VAULT_KEY_FILE=$PWD/vault.key");
    let server = desk.start("hookloom serve");
    server.says(READY);
    desk.done("printf %s a-key-of-the-disk | hookloom secret set key");
    desk.done("hookloom flow import files.json --publish");
    desk.done(SEND);
    (desk, server)
}
