//! Small vocabularies of the records themselves: in what condition a sample came, how urgent it is, how somebody was told.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// In what condition a sample came.
    Condition {
        /// As it should be.
        Acceptable = "acceptable", "acceptable", "prawidłowy";
        /// Not as it should be, but taken on; the report says so.
        Compromised = "compromised", "compromised", "naruszony";
        /// Not fit for testing.
        Unacceptable = "unacceptable", "unacceptable", "nie do przyjęcia";
    }
}

vocabulary! {
    /// How urgent an order is.
    Priority {
        /// In its turn.
        Routine = "routine", "routine", "rutynowy";
        /// Before the routine.
        Urgent = "urgent", "urgent", "pilny";
        /// At once.
        Stat = "stat", "immediate (stat)", "natychmiastowy (cito)";
    }
}

vocabulary! {
    /// Where a result comes from.
    Origin {
        /// Measured here.
        Measured = "measured", "measured", "zmierzony";
        /// Calculated from others.
        Calculated = "calculated", "calculated", "obliczony";
        /// From an external provider, who is named on the report.
        External = "external", "external provider", "podwykonawca";
    }
}

vocabulary! {
    /// How somebody was told of a critical value.
    NoticeChannel {
        /// By telephone.
        Phone = "phone", "telephone", "telefon";
        /// Face to face.
        InPerson = "in_person", "in person", "osobiście";
        /// By message.
        Message = "message", "message", "wiadomość";
    }
}

vocabulary! {
    /// Where a critical notice stands.
    NoticeState {
        /// Nobody has been reached.
        Open = "open", "open", "otwarte";
        /// Somebody was told.
        Notified = "notified", "notified", "powiadomiono";
        /// The person told has confirmed it.
        Acknowledged = "acknowledged", "acknowledged", "potwierdzono";
        /// The value was corrected or taken back before anybody was told.
        Closed = "closed", "closed without a call", "zamknięte bez powiadomienia";
    }
}

vocabulary! {
    /// How a report was handed over.
    DeliveryChannel {
        /// By electronic mail.
        Email = "email", "e-mail", "e-mail";
        /// By post.
        Post = "post", "post", "poczta";
        /// Through the portal.
        Portal = "portal", "portal", "portal";
        /// Face to face.
        InPerson = "in_person", "in person", "osobiście";
    }
}

vocabulary! {
    /// What kind of report it is.
    ReportKind {
        /// Names the tests that are still open.
        Preliminary = "preliminary", "preliminary", "wstępne";
        /// Nothing is open.
        Final = "final", "final", "końcowe";
    }
}
