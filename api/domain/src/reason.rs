//! Why something was done, as a code: the plain half of a reason. Free text beside it is sealed when it concerns a patient.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// The closed list of reason codes (`reason.code` in ledger.md).
    ReasonCode {
        /// Typed wrongly.
        TypingError = "typing_error", "typing error", "błąd w pisaniu";
        /// Calculated or diluted wrongly.
        CalculationError = "calculation_error", "error of calculation", "błąd w obliczeniach";
        /// Read off the instrument wrongly.
        InstrumentError = "instrument_error", "instrument error", "błąd aparatu";
        /// The quality control failed.
        QualityControl = "quality_control", "quality control failed", "nieudana kontrola jakości";
        /// The reviewer doubts it.
        Implausible = "implausible", "implausible value", "wartość niewiarygodna";
        /// Two samples, or patients, were mixed up.
        MixUp = "mix_up", "mixed up", "zamiana próbek lub osób";
        /// The sample is damaged, leaking, clotted, haemolysed, thawed.
        SampleUnsuitable = "sample_unsuitable", "unsuitable sample", "próbka nie nadaje się do badania";
        /// Not enough of it.
        InsufficientQuantity = "insufficient_quantity", "insufficient quantity", "zbyt mała ilość próbki";
        /// Too warm, too cold.
        Temperature = "temperature", "temperature out of range", "niewłaściwa temperatura";
        /// Waited too long.
        HoldTimeExceeded = "hold_time_exceeded", "hold time exceeded", "przekroczony czas przechowywania";
        /// Not labelled, or two labels disagree.
        Labelling = "labelling", "labelling error", "błąd oznakowania";
        /// The client or doctor asked for it.
        RequestedByClient = "requested_by_client", "asked for by client or doctor", "na prośbę klienta lub lekarza";
        /// Ordered twice.
        Duplicate = "duplicate", "ordered twice", "zlecone podwójnie";
        /// Nobody else is on duty.
        AloneOnDuty = "alone_on_duty", "alone on duty", "praca jednoosobowa";
        /// The value is not available from the source.
        NotAvailable = "not_available", "not available", "niedostępne";
        /// The retention time is over.
        RetentionOver = "retention_over", "retention time is over", "upłynął okres przechowywania";
        /// The person whom the data tell about asked for it.
        RequestedByPerson = "requested_by_person", "asked for by the person concerned", "na wniosek osoby, której dane dotyczą";
        /// An older database was restored.
        Restored = "restored", "an older database was restored", "odtworzono starszą bazę danych";
        /// Data were wrong on the report.
        ReportError = "report_error", "error on the report", "błąd w sprawozdaniu";
        /// Left the laboratory, or changed duties.
        LeftOrMoved = "left_or_moved", "left or changed duties", "odejście lub zmiana obowiązków";
        /// Something is wrong with the account.
        Security = "security", "security", "bezpieczeństwo";
        /// None of these; the text says what.
        Other = "other", "other", "inny";
    }
}
