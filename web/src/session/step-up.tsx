import { Suspense, useEffect, useState } from "react";
import { setStepUp } from "@/api/client";
import { loadWords } from "@/i18n";
import { part } from "@/ui/part";

const StepUpDialog = part(() =>
  Promise.all([import("@/features/access/step-up-dialog"), loadWords("whole")]).then(([module]) => module.StepUpDialog),
);

interface Question {
  operation: string;
  answer: (proved: boolean) => void;
}

/**
 * Asks for a fresh proof whenever an act needs one; the act waits and is tried again by the client. Two acts that need
 * it at once share one question.
 */
export function StepUpHost() {
  const [questions, setQuestions] = useState<Question[]>([]);
  useEffect(
    () =>
      setStepUp((operation) => new Promise((answer) => setQuestions((waiting) => [...waiting, { operation, answer }]))),
    [],
  );
  const [first] = questions;
  const answer = (proved: boolean) => {
    for (const each of questions) each.answer(proved);
    setQuestions([]);
  };
  return first ? (
    <Suspense>
      <StepUpDialog operation={first.operation} onClose={() => answer(false)} onDone={() => answer(true)} />
    </Suspense>
  ) : null;
}
