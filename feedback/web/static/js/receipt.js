// The report has arrived: its draft has done its work.
import { forgetDraft, readDraft } from "./draft.js";
import "./copy.js";

const received = document.querySelector("[data-received]")?.dataset.received;
if (received && readDraft()?.submissionId === received) forgetDraft();
