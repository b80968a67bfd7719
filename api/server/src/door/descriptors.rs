//! Room for connections: each takes a file descriptor, of which a process may have only so many.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the rest of the program keeps open: database, keys, exports, letters and hooks on their way.
const OURS: u64 = 512;

/// Raises what this process may open as far as it is allowed to, and says how many of `wanted` connections there is room
/// for. Without it the usual limit of 1,024 would be used up by a thousand connections that do nothing, and nobody would
/// be let in, not even to look at what is wrong.
pub fn room_for(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    let needed = u64::try_from(wanted).unwrap_or(u64::MAX).saturating_add(OURS);
    let Some(soft) = limit.current.filter(|soft| *soft < needed) else {
        return wanted;
    };
    let allowed = limit.maximum.map_or(needed, |hard| hard.min(needed)).max(soft);
    let raised = Rlimit {
        current: Some(allowed),
        maximum: limit.maximum,
    };
    let allowed = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => allowed,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files could not be raised");
            soft
        }
    };
    let room = usize::try_from(allowed.saturating_sub(OURS).max(allowed / 2)).unwrap_or(wanted);
    if room < wanted {
        tracing::warn!(
            max_connections = wanted,
            room,
            "this process may open {allowed} files, so fewer connections than max_connections are accepted at once; \
             raise the limit (LimitNOFILE= under systemd)"
        );
    }
    room.min(wanted)
}
