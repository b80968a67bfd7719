//! A set of permissions in one machine word, cheap enough to check on every request.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Permission;

/// A set of permissions. Serialised as a list of `thing:act` in the order of [`Permission::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PermissionSet(u128);

const _: () = assert!(Permission::ALL.len() <= 128, "a set has room for 128 permissions");

const fn bit(permission: Permission) -> u128 {
    #[expect(
        clippy::as_conversions,
        reason = "the discriminant of a fieldless enum, below 128 by the assertion above"
    )]
    let place = permission as u8;
    1 << place
}

impl PermissionSet {
    /// Nothing.
    pub const EMPTY: PermissionSet = PermissionSet(0);

    /// Everything there is.
    pub const EVERYTHING: PermissionSet = PermissionSet::of(Permission::ALL);

    /// Exactly the listed ones.
    #[must_use]
    pub const fn of(permissions: &[Permission]) -> PermissionSet {
        let mut bits = 0;
        let mut rest = permissions;
        while let Some((first, others)) = rest.split_first() {
            bits |= bit(*first);
            rest = others;
        }
        PermissionSet(bits)
    }

    /// Is it in the set?
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// Does the set hold everything that `other` holds?
    #[must_use]
    pub const fn is_superset(self, other: PermissionSet) -> bool {
        other.0 & !self.0 == 0
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: PermissionSet) -> PermissionSet {
        PermissionSet(self.0 | other.0)
    }

    /// What is in this one and not in `other`.
    #[must_use]
    pub const fn minus(self, other: PermissionSet) -> PermissionSet {
        PermissionSet(self.0 & !other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: PermissionSet) -> PermissionSet {
        PermissionSet(self.0 & other.0)
    }

    /// Adds one.
    pub const fn insert(&mut self, permission: Permission) {
        self.0 |= bit(permission);
    }

    /// Takes one out.
    pub const fn remove(&mut self, permission: Permission) {
        self.0 &= !bit(permission);
    }

    /// Is nothing in it?
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many are in it.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The members, in the order of [`Permission::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        let mut set = PermissionSet::EMPTY;
        for permission in permissions {
            set.insert(permission);
        }
        set
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::as_str)).finish()
    }
}

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_set() -> impl Strategy<Value = PermissionSet> {
        proptest::collection::vec(proptest::sample::select(Permission::ALL), 0..50)
            .prop_map(|permissions| permissions.into_iter().collect())
    }

    proptest! {
        #[test]
        fn a_set_holds_what_was_put_in_and_nothing_else(permissions in proptest::collection::vec(proptest::sample::select(Permission::ALL), 0..50)) {
            let set: PermissionSet = permissions.iter().copied().collect();
            for permission in Permission::ALL {
                prop_assert_eq!(set.contains(*permission), permissions.contains(permission));
            }
        }

        #[test]
        fn allowing_and_denying_obey_the_algebra(a in any_set(), b in any_set()) {
            prop_assert!(a.union(b).is_superset(a));
            prop_assert!(a.minus(b).intersection(b).is_empty());
            prop_assert_eq!(a.is_superset(b), b.minus(a).is_empty());
            let json = serde_json::to_string(&a).unwrap();
            prop_assert_eq!(serde_json::from_str::<PermissionSet>(&json).unwrap(), a);
        }
    }

    #[test]
    fn everything_is_everything() {
        assert_eq!(
            usize::try_from(PermissionSet::EVERYTHING.len()).unwrap(),
            Permission::ALL.len()
        );
    }
}
