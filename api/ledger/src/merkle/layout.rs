//! The paths and bytes of C2SP tlog-tiles, for monitors and witnesses: `tile/<L>/<N>[.p/<W>]` and
//! `tile/entries/<N>[.p/<W>]`, N in groups of three digits, every group but the last with an `x` before it.

use super::TILE_WIDTH;

/// The N part of a tile's path, with `.p/<W>` for a tile that is not full: `x001/x234/067.p/8`.
pub fn tile_name(index: u64, width: u64) -> String {
    let mut name = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        name = format!("x{:03}/{name}", rest % 1000);
        rest /= 1000;
    }
    if width < TILE_WIDTH {
        name.push_str(&format!(".p/{width}"));
    }
    name
}

/// Reads what [`tile_name`] writes: the index, and the width (256 when the path has none). `None` for any other spelling,
/// and for widths that are not 1 to 255.
pub fn parse_tile_name(name: &str) -> Option<(u64, u64)> {
    let (groups, width) = match name.split_once(".p/") {
        Some((groups, width)) => (
            groups,
            width.parse().ok().filter(|width| (1..TILE_WIDTH).contains(width))?,
        ),
        None => (name, TILE_WIDTH),
    };
    let index = groups.split('/').try_fold(0_u64, |index, group| {
        let digits: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
        index.checked_mul(1000)?.checked_add(digits)
    })?;
    (tile_name(index, width) == name).then_some((index, width))
}

/// The bytes of `tile/entries/<N>`: each entry behind its length in 16 bits, big end first. `None` when an entry is longer
/// than 16 bits can say, which [`crate::entry::MAX_BYTES`] rules out for entries of this crate.
pub fn entry_tile<'e>(entries: impl IntoIterator<Item = &'e [u8]>) -> Option<Vec<u8>> {
    let mut tile = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).ok()?;
        tile.extend_from_slice(&length.to_be_bytes());
        tile.extend_from_slice(entry);
    }
    Some(tile)
}
