"""The tables as the code sees them; `migrations/` makes them. Times are seconds since the epoch."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Integer, LargeBinary, MetaData, Table, Text

inbox_tables = MetaData()
main_tables = MetaData()

deliveries = Table(
    "deliveries",
    inbox_tables,
    Column("key", Text, primary_key=True),
    Column("event", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("problem", Text),
    Column("taken_at", Float, nullable=False),
    Column("claimed_by", Text),
)

accounts = Table(
    "accounts",
    main_tables,
    Column("user_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("access_token", LargeBinary, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("refresh_token", LargeBinary),
    Column("connected_at", Float, nullable=False),
    Column("used_at", Float),
    # Until when somebody renews the tokens.
    Column("refreshing_until", Float, nullable=False),
)

sign_ins = Table(
    "sign_ins",
    main_tables,
    Column("state_hash", Text, primary_key=True),
    Column("browser_hash", Text, nullable=False),
    Column("verifier", LargeBinary, nullable=False),
    Column("next_page", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("scopes", Text, nullable=False),
    # The link that led here, if it was one person's own.
    Column("invitation", Text),
)

# Sign-in links of one person's own.
invitations = Table(
    "invitations",
    main_tables,
    Column("code_hash", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("next_page", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("used_at", Float),
)

# Connections that the Hub ended: when that was noticed.
ended_connections = Table(
    "ended_connections",
    main_tables,
    Column("user_id", Text, primary_key=True),
    Column("at", Float, nullable=False),
)

# What somebody asked for, besides runs, before they had allowed it.
waiting_requests = Table(
    "waiting_requests",
    main_tables,
    Column("key", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("delivery_key", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Float, nullable=False),
)

sessions = Table(
    "sessions",
    main_tables,
    Column("id_hash", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("created_at", Float, nullable=False),
)

runs = Table(
    "runs",
    main_tables,
    Column("id", Text, primary_key=True),
    Column("requester_id", Text, nullable=False),
    Column("requester_name", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("wishes", JSON, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("sha", Text),
    Column("is_private", Boolean, nullable=False),
    Column("target_space", Text, nullable=False),
    Column("rebuild_of", Text),
    Column("state", Text, nullable=False),
    Column("job_id", Text),
    Column("message_id", Text),
    Column("answer_id", Text),
    Column("shown", Text, nullable=False),
    Column("shown_at", Float, nullable=False),
    Column("report", JSON(none_as_null=True)),
    Column("problem", Text),
    Column("created_at", Float, nullable=False),
    Column("launched_at", Float),
    Column("heard_at", Float),
    Column("looked_at", Float),
    Column("ended_at", Float),
    Column("cancelled_by", Text),
    Column("usd_per_minute", Float),
    Column("superseded_by", Text),
    Column("watch_id", Text),
    Column("tries", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("needs", JSON, nullable=False),
    Column("model_repo", Text),
    Column("space_repo", Text),
    # How many looks in a row found no Job of it.
    Column("missed", Integer, nullable=False),
    # When to look again; None once the run is settled.
    Column("due_at", Float),
    # How often a look was asked for, who is looking until when, and who did last: see `claims.py`.
    Column("asked", Integer, nullable=False),
    Column("claimed_by", Text),
    Column("claimed_before", Text),
    Column("claimed_until", Float, nullable=False),
)

# Keys with which people's scripts use the API: hashes only.
api_keys = Table(
    "api_keys",
    main_tables,
    Column("id", Text, primary_key=True),
    Column("key_hash", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    # When it was made, until it is used.
    Column("used_at", Float, nullable=False),
)

watches = Table(
    "watches",
    main_tables,
    Column("id", Text, primary_key=True),
    Column("requester_id", Text, nullable=False),
    Column("requester_name", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("repo_id", Text, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("wishes", JSON, nullable=False),
    Column("seen", JSON, nullable=False),
    Column("paused", Text),
    Column("since", Float, nullable=False),
    # When to look at the model next.
    Column("due_at", Float, nullable=False),
    Column("tries", Integer, nullable=False),
)

# When something last was so, such as when the bot was alive.
moments = Table(
    "moments",
    main_tables,
    Column("name", Text, primary_key=True),
    Column("at", Float, nullable=False),
)

run_events = Table(
    "run_events",
    main_tables,
    Column("run_id", Text, ForeignKey("runs.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("phase", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message", Text, nullable=False),
)

# What was decided about each request; `said` is whether it was answered in the thread.
decisions = Table(
    "decisions",
    main_tables,
    Column("id", Text, primary_key=True),
    Column("at", Float, nullable=False),
    Column("requester_id", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("run_id", Text),
    Column("said", Boolean, nullable=False),
)

quiet_repos = Table(
    "quiet_repos",
    main_tables,
    Column("repo", Text, primary_key=True),
    Column("by", Text, nullable=False),
    Column("at", Float, nullable=False),
)

user_settings = Table(
    "user_settings",
    main_tables,
    Column("user_id", Text, primary_key=True),
    Column("notify", Text, nullable=False),
    Column("budget", Float, nullable=False),
    Column("monthly_budget", Float, nullable=False),
    Column("hardware", Text),
)

# The operator's: `pause` is one.
switches = Table(
    "switches",
    main_tables,
    Column("name", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Float, nullable=False),
)

# What one of several processes holds, and renews while it lives.
leases = Table(
    "leases",
    main_tables,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Float, nullable=False),
)

# Each use of something that is bounded: who or where, and until when it counts.
rate_hits = Table(
    "rate_hits",
    main_tables,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("ends_at", Float, nullable=False),
)

# Which Discord account belongs to which account of the Hub.
discord_links = Table(
    "discord_links",
    main_tables,
    Column("discord_id", Text, primary_key=True),
    Column("discord_name", Text, nullable=False),
    Column("hub_id", Text, nullable=False),
    Column("hub_name", Text, nullable=False),
    Column("linked_at", Float, nullable=False),
)

# Links that were handed out on Discord, and the browsers that followed one.
discord_tickets = Table(
    "discord_tickets",
    main_tables,
    Column("ticket_hash", Text, primary_key=True),
    Column("discord_id", Text, nullable=False),
    Column("created_at", Float, nullable=False),
)

discord_proofs = Table(
    "discord_proofs",
    main_tables,
    Column("browser_hash", Text, primary_key=True),
    Column("ticket_hash", Text, nullable=False),
    Column("state_hash", Text),
    Column("verifier", LargeBinary, nullable=False),
    Column("discord_id", Text),
    Column("discord_name", Text),
    Column("created_at", Float, nullable=False),
)

# What somebody asked for before their accounts were linked.
discord_requests = Table(
    "discord_requests",
    main_tables,
    Column("key", Text, primary_key=True),
    Column("discord_id", Text, nullable=False),
    Column("event", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
)

# Where the answer to an interaction belongs; its token is sealed and good for a quarter of an hour.
discord_answers = Table(
    "discord_answers",
    main_tables,
    Column("key", Text, primary_key=True),
    Column("run_id", Text, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("interaction_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("is_ephemeral", Boolean, nullable=False),
    Column("token", LargeBinary),
    Column("created_at", Float, nullable=False),
)

# Our messages there by the mark they carry.
discord_said = Table(
    "discord_said",
    main_tables,
    Column("mark", Text, primary_key=True),
    Column("message_id", Text, nullable=False),
    Column("at", Float, nullable=False),
)
