//! Letters to those who look after a laboratory's people.

use super::Matter;
use crate::StoreError;
use crate::db::{row, sql};
use crate::tx::WriteTx;
use attest_domain::ids::UserId;
use attest_domain::role::ShippedRole;

/// Administrators who are written to at most.
const AT_MOST: i64 = 20;

row! { struct AdministratorRow { id: UserId } }

impl<P> WriteTx<'_, P> {
    /// Writes the same letter to every active administrator but `except`, whom it is about. As [`mail`](Self::mail), the
    /// transaction must wake the post.
    pub(crate) fn mail_administrators(&mut self, except: Option<UserId>, matter: &Matter) -> Result<(), StoreError> {
        let administrators = sql(
            "SELECT u.id FROM users u JOIN user_roles x ON x.tenant_id = u.tenant_id AND x.user_id = u.id \
             JOIN roles r ON r.tenant_id = x.tenant_id AND r.id = x.role_id \
             WHERE u.tenant_id = ? AND r.slug = ? AND u.active = ? AND u.kind = 'person' ORDER BY u.id LIMIT ?",
        )
        .bind(self.tenant())
        .bind(ShippedRole::Administrator.slug())
        .bind(true)
        .bind(AT_MOST)
        .all::<AdministratorRow>(self.db)?;
        for administrator in administrators.iter().filter(|one| Some(one.id) != except) {
            self.mail(administrator.id, matter.clone())?;
        }
        Ok(())
    }
}
