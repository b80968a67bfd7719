//! Who may do what: the shipped matrix as a reviewed snapshot, and the promises it must keep whatever is edited in it.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;

use attest_domain::role::{
    GrantEffect, LaboratoryKind, Realm, ShippedRole, SingleGrant, can_assign, can_grant, effective, open_to_visitors,
    require_an_administrator,
};
use attest_domain::{Permission, PermissionSet, Refusal};
use proptest::prelude::*;

#[test]
fn the_matrix_is_reviewed() {
    let mut text = String::new();
    for kind in LaboratoryKind::ALL {
        let roles = ShippedRole::for_kind(*kind);
        writeln!(text, "{kind}").unwrap();
        for (number, role) in roles.iter().enumerate() {
            writeln!(text, "  {} = {role}", number + 1).unwrap();
        }
        for permission in Permission::ALL {
            let row: String = roles
                .iter()
                .enumerate()
                .map(|(number, role)| {
                    let held = role.permissions(*kind).contains(*permission);
                    format!("{:>3}", if held { (number + 1).to_string() } else { ".".to_owned() })
                })
                .collect();
            writeln!(text, "{:<20}{row}", permission.as_str()).unwrap();
        }
    }
    insta::assert_snapshot!("matrix", text);
}

#[test]
fn the_administrator_holds_nothing_on_results_or_reports() {
    for kind in LaboratoryKind::ALL {
        let held = ShippedRole::Administrator.permissions(*kind);
        assert!(
            held.iter().all(|permission| {
                !["result", "report", "sample", "critical", "patient"].contains(&permission.area())
            })
        );
    }
    assert!(!ShippedRole::Administrator.editable());
}

#[test]
fn the_auditor_changes_nothing_and_sees_no_patient() {
    let held = ShippedRole::Auditor.permissions(LaboratoryKind::Medical);
    assert!(
        held.iter()
            .all(|permission| permission.as_str().ends_with(":read") || permission == Permission::AuditExport),
        "{held:?}"
    );
    assert!(!held.contains(Permission::PatientRead));
    assert!(!ShippedRole::Auditor.editable());
}

#[test]
fn entering_and_verifying_are_different_roles() {
    for (enters, verifies, kind) in [
        (ShippedRole::Analyst, ShippedRole::Authorizer, LaboratoryKind::Testing),
        (ShippedRole::Technician, ShippedRole::Doctor, LaboratoryKind::Medical),
    ] {
        let (enters, verifies) = (enters.permissions(kind), verifies.permissions(kind));
        for permission in [
            Permission::SampleRegister,
            Permission::SampleReceive,
            Permission::ResultEnter,
        ] {
            assert!(
                enters.contains(permission) && !verifies.contains(permission),
                "{permission}"
            );
        }
        for permission in [
            Permission::ResultVerify,
            Permission::ReportDraft,
            Permission::ReportAuthorize,
            Permission::ReportRelease,
        ] {
            assert!(
                verifies.contains(permission) && !enters.contains(permission),
                "{permission}"
            );
        }
    }
}

#[test]
fn every_permission_is_held_by_somebody_and_testing_laboratories_know_no_patients() {
    let everybody = effective(
        ShippedRole::ALL
            .iter()
            .map(|role| role.permissions(LaboratoryKind::Medical)),
        [],
    );
    assert_eq!(everybody, PermissionSet::EVERYTHING);
    let testing = effective(
        ShippedRole::ALL
            .iter()
            .map(|role| role.permissions(LaboratoryKind::Testing)),
        [],
    );
    assert!(testing.iter().all(|permission| permission.area() != "patient"));
}

#[test]
fn a_denial_wins_over_role_and_allowance() {
    let analyst = ShippedRole::Analyst.permissions(LaboratoryKind::Testing);
    let grant = |permission, effect| SingleGrant { permission, effect };
    let held = effective(
        [analyst],
        [
            grant(Permission::ResultVerify, GrantEffect::Allow),
            grant(Permission::ResultEnter, GrantEffect::Deny),
            grant(Permission::AuditRead, GrantEffect::Deny),
            grant(Permission::AuditRead, GrantEffect::Allow),
        ],
    );
    assert!(held.contains(Permission::ResultVerify));
    assert!(!held.contains(Permission::ResultEnter) && !held.contains(Permission::AuditRead));
}

#[test]
fn nobody_grants_what_they_lack() {
    let administrator = ShippedRole::Administrator.permissions(LaboratoryKind::Testing);
    let wanted = PermissionSet::of(&[Permission::UserRead, Permission::ResultVerify]);
    assert_eq!(
        can_grant(administrator, wanted),
        Err(Refusal::GrantBeyondOwn {
            missing: vec![Permission::ResultVerify]
        })
    );
    assert_eq!(
        can_grant(administrator, PermissionSet::of(&[Permission::UserRead])),
        Ok(())
    );
}

#[test]
fn an_administrator_employs_an_analyst_but_does_not_become_one() {
    let administrator = ShippedRole::Administrator.permissions(LaboratoryKind::Testing);
    let analyst = ShippedRole::Analyst.permissions(LaboratoryKind::Testing);
    assert_eq!(can_assign(administrator, analyst, false), Ok(()));
    assert_eq!(can_assign(administrator, analyst, true), Err(Refusal::OwnRights));
    assert!(can_assign(ShippedRole::Viewer.permissions(LaboratoryKind::Testing), analyst, false).is_err());
}

#[test]
fn the_last_administrator_stays() {
    assert_eq!(require_an_administrator(0), Err(Refusal::LastAdministrator));
    assert_eq!(require_an_administrator(1), Ok(()));
}

/// ATT-21, ATT-24 The realms share no power but over their own ledgers, to read them and to replace their keys: no role of one holds anything of the other.
#[test]
fn no_role_reaches_into_the_other_realm() {
    let (laboratory, platform) = (Realm::Laboratory.permissions(), Realm::Platform.permissions());
    assert_eq!(
        laboratory.intersection(platform),
        PermissionSet::of(&[
            Permission::AuditRead,
            Permission::AuditExport,
            Permission::LedgerRotateKey
        ])
    );
    assert_eq!(laboratory.union(platform), PermissionSet::EVERYTHING);
    for permission in Permission::ALL {
        let of_platform = permission.area() == "platform";
        assert_eq!(laboratory.contains(*permission), !of_platform, "{permission}");
        assert_eq!(
            platform.contains(*permission),
            of_platform || ["audit", "ledger"].contains(&permission.area()),
            "{permission}"
        );
    }
    for kind in LaboratoryKind::ALL {
        for role in ShippedRole::for_kind(*kind) {
            assert!(laboratory.is_superset(role.permissions(*kind)), "{role}");
        }
        for role in ShippedRole::for_platform() {
            assert_eq!(role.permissions(*kind), platform, "{role}");
            assert!(role.asks_for_second_factor(*kind) && !role.editable());
        }
    }
}

/// ATT-24 Support vouches for nothing, hires nobody and leaves no key behind, whatever roles it was given.
#[test]
fn support_cannot_sign_nor_outlast_its_visit() {
    let most = open_to_visitors(PermissionSet::EVERYTHING);
    for closed in [
        Permission::ResultVerify,
        Permission::ReportAuthorize,
        Permission::ReportRelease,
        Permission::UserManage,
        Permission::RoleManage,
        Permission::ServiceAccountManage,
        Permission::WebhookManage,
        Permission::LedgerRotateKey,
        Permission::CompetenceManage,
        Permission::PlatformRead,
        Permission::PlatformManage,
    ] {
        assert!(!most.contains(closed), "{closed}");
    }
    assert!(most.contains(Permission::ResultRead) && most.contains(Permission::SettingsRead));
}

proptest! {
    /// Whatever is stored, a realm leaves only its own of it.
    #[test]
    fn a_realm_leaves_only_its_own(held in proptest::collection::vec(proptest::sample::select(Permission::ALL), 0..50)) {
        let held: PermissionSet = held.into_iter().collect();
        for realm in Realm::ALL {
            let left = held.intersection(realm.permissions());
            prop_assert!(realm.permissions().is_superset(left) && held.is_superset(left));
        }
        prop_assert!(held.is_superset(open_to_visitors(held)));
    }

    #[test]
    fn granting_never_makes_more_than_the_granter_has(
        holder in proptest::collection::vec(proptest::sample::select(Permission::ALL), 0..30),
        wanted in proptest::collection::vec(proptest::sample::select(Permission::ALL), 0..30),
    ) {
        let (holder, wanted): (PermissionSet, PermissionSet) = (holder.into_iter().collect(), wanted.into_iter().collect());
        match can_grant(holder, wanted) {
            Ok(()) => prop_assert!(holder.union(wanted) == holder),
            Err(Refusal::GrantBeyondOwn { missing }) => {
                prop_assert!(!missing.is_empty());
                prop_assert!(missing.iter().all(|permission| wanted.contains(*permission) && !holder.contains(*permission)));
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
