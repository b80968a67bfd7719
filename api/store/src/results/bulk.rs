//! Many results in one transaction: people enter and verify 200 at once.

use super::bench::OnBench;
use crate::check::Faults;
use crate::{Recorded, Replayable, StoreError, WriteTx};
use attest_domain::ids::{ResultId, SampleId};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// What became of the items.
#[derive(Debug, Default)]
pub struct Bulk {
    /// Those that were done.
    pub done: Vec<ResultId>,
    /// Those that could not be done, by their place in the request (partial bulks only; not kept for a repeated request).
    pub refused: Vec<(usize, StoreError)>,
}

impl Replayable for Bulk {
    fn ids(&self) -> Vec<Uuid> {
        self.done.ids()
    }
    fn from_ids(ids: &[Uuid]) -> Option<Self> {
        Some(Self {
            done: Replayable::from_ids(ids)?,
            refused: Vec::new(),
        })
    }
}

/// Why nothing was done: every wrong value by its path, else the first thing that stands in the way.
fn refusal(path: &str, refused: Vec<(usize, StoreError)>) -> StoreError {
    let (mut wrong, mut first) = (Faults::default(), None);
    for (place, error) in refused {
        let item = format!("{path}.{place}");
        let error = match error {
            // Sent as bare ids, the item is the id; else the id is a field of it.
            StoreError::NotFound if path == "items" => StoreError::NotFound.within(&format!("{item}.result_id")),
            StoreError::Invalid {
                path: field,
                code,
                message,
            } if path != "items" && field == "result_id" => StoreError::Invalid {
                path: item,
                code,
                message,
            },
            other => other.within(&item),
        };
        if let Err(other) = wrong.add(error) {
            first.get_or_insert(other);
        }
    }
    wrong.done().err().or(first).unwrap_or(StoreError::NotFound)
}

/// One item: which result, and the version that the caller saw.
pub(super) type Asked = (ResultId, Option<i64>);

impl<P> WriteTx<'_, P> {
    /// Does `one` for each item, then derives the samples' state, once for each. All or nothing, the error naming its item as
    /// `{path}.{place}`; or, when `partial`, each item for itself.
    pub(super) fn bulk(
        &mut self,
        path: &str,
        asked: &[Asked],
        partial: bool,
        mut one: impl FnMut(&mut Self, &[OnBench], &OnBench, usize) -> Result<(), StoreError>,
    ) -> Result<Recorded<Bulk>, StoreError> {
        let ids: Vec<ResultId> = asked.iter().map(|(id, _)| *id).collect();
        let benched = self.bench(&ids)?;
        let by_id: HashMap<ResultId, &OnBench> = benched.iter().map(|on| (on.id, on)).collect();
        let (mut bulk, mut named, mut samples) = (Bulk::default(), HashSet::new(), BTreeSet::<SampleId>::new());
        for (place, (id, _)) in asked.iter().enumerate() {
            let outcome = match by_id.get(id) {
                _ if !named.insert(*id) => Err(StoreError::invalid(
                    "result_id",
                    "duplicate",
                    "this result is named twice",
                )),
                None => Err(StoreError::NotFound),
                Some(on) if partial => self.attempt(|tx| one(tx, &benched, on, place)).map(|()| on.sample),
                Some(on) => one(self, &benched, on, place).map(|()| on.sample),
            };
            match outcome {
                Ok(sample) => {
                    bulk.done.push(*id);
                    samples.insert(sample);
                }
                // All or nothing: the others are looked at too, so that everything wrong is said at once, and then undone.
                Err(error) if error.concerns_one_item() => bulk.refused.push((place, error)),
                Err(error) => return Err(error),
            }
        }
        if !partial && !bulk.refused.is_empty() {
            return Err(refusal(path, bulk.refused));
        }
        if bulk.done.is_empty() {
            return Err(StoreError::EveryItem(
                bulk.refused.into_iter().map(|(_, error)| error).collect(),
            ));
        }
        for sample in samples {
            self.sample_touch(sample)?;
        }
        self.recorded(bulk)
    }
}
