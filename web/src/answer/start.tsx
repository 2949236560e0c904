import { draft } from '../ask/conversation.ts';
import { AddressForm } from '../packs/address-form.tsx';
import { OpenButtons } from '../packs/chooser.tsx';
import { LeftOut } from '../packs/left-out.tsx';
import { looked, pack, work } from '../packs/packs.ts';

const questions = [
  'Where does the program start, and what happens next?',
  'How are errors handled?',
  'How is this project tested?',
];

/** What is there before the first question. */
export function Start() {
  if (pack.value) return <Invitation repository={pack.value.info.repository} />;
  if (!looked.value || work.value) return null;
  return (
    <section class="start">
      <h2>Open a repository to ask about</h2>
      <p>
        Choose a folder of source code, or an archive of one. It is indexed and searched in this
        browser, and not sent anywhere; only a question and the passages found for it go to a model,
        if there is one.
      </p>
      <OpenButtons />
      <AddressForm />
    </section>
  );
}

function Invitation({ repository }: { repository: string }) {
  return (
    <section class="start">
      <h2>
        What would you like to know about <bdi>{repository}</bdi>?
      </h2>
      <ul class="start-questions">
        {questions.map((question) => (
          <li key={question}>
            <button type="button" onClick={() => propose(question)}>
              {question}
            </button>
          </li>
        ))}
      </ul>
      <LeftOut />
    </section>
  );
}

function propose(question: string): void {
  draft.value = question;
  document.querySelector<HTMLTextAreaElement>('.composer-question')?.focus();
}
