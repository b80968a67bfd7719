//! What was measured on.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// A machine as the table names it.
#[derive(Debug, Clone)]
pub struct Machine {
    /// CPU model.
    pub cpu: String,
    /// Cores this process may use.
    pub cores: usize,
    /// Memory, GiB.
    pub memory: f64,
    /// Kernel.
    pub kernel: String,
    /// Milliseconds that a 4 KiB write with fsync takes: median, 99th percentile.
    pub fsync: (f64, f64),
    /// File system of the measured folder.
    pub file_system: String,
    /// Load average of the last minute before the start: other work on the machine.
    pub load: String,
}

impl Machine {
    /// Looks around; `folder` is where the databases will be.
    pub fn inspect(folder: &Path) -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let after_colon = |text: &str, name: &str| {
            text.lines()
                .find(|line| line.starts_with(name))
                .and_then(|line| line.split_once(':'))
                .map(|(_, value)| value.trim().to_owned())
        };
        let kib = after_colon(&read("/proc/meminfo"), "MemTotal")
            .and_then(|text| text.split(' ').next().and_then(|number| number.parse::<f64>().ok()));
        Self {
            cpu: after_colon(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory: kib.unwrap_or(0.0) / 1_048_576.0,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            fsync: fsync_time(folder).unwrap_or((f64::NAN, f64::NAN)),
            file_system: file_system(folder),
            load: load(),
        }
    }
}

/// The load average of the last minute.
pub fn load() -> String {
    fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split(' ').next().map(str::to_owned))
        .unwrap_or_default()
}

fn fsync_time(folder: &Path) -> std::io::Result<(f64, f64)> {
    let path = folder.join("fsync.probe");
    let mut file = fs::File::create(&path)?;
    let mut took = Vec::new();
    for _ in 0..200 {
        let begun = Instant::now();
        file.write_all(&[7; 4_096])?;
        file.sync_data()?;
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    fs::remove_file(&path)?;
    took.sort_by(f64::total_cmp);
    Ok((took[100], took[197]))
}

fn file_system(folder: &Path) -> String {
    let output = Command::new("df").arg("--output=fstype").arg(folder).output();
    output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .and_then(|text| text.lines().nth(1).map(str::to_owned))
        .unwrap_or_default()
}
