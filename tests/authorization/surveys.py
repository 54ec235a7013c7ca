"""The routes of surveys, by who may enter; `policies` holds them with the others."""

FOR_ADMINISTRATORS = (
    *("instruments.show", "instruments.new", "instruments.send_new", "instruments.one"),
    *("instruments.send", "instruments.send_publication", "instruments.send_section"),
    *("instruments.section", "instruments.send_title", "instruments.new_item"),
    *("instruments.send_new_item", "instruments.item", "instruments.send_item"),
    *("instruments.send_removal", "surveys.show", "surveys.new", "surveys.send_new"),
    *("surveys.one", "surveys.send", "surveys.send_quota", "surveys.send_totals"),
    *("surveys.send_close", "surveys.sheet"),
)
FOR_INTERVIEWERS = ("interviews.show", "interviews.one", "interviews.send")
FOR_FIGURE_READERS = (
    *("supervisor.list_surveys", "supervisor.show_survey", "supervisor.download_survey"),
    *("supervisor.list_texts", "supervisor.show_series"),
)
FOR_EVERYBODY = ("citizen.survey", "citizen.send_survey", "citizen.survey_thanks")
