#include <libpq-fe.h>

// What Swift cannot read: macros that are characters.

static inline int cpostgres_state(void) { return PG_DIAG_SQLSTATE; }
static inline int cpostgres_position(void) { return PG_DIAG_STATEMENT_POSITION; }
static inline int cpostgres_message(void) { return PG_DIAG_MESSAGE_PRIMARY; }
static inline int cpostgres_schema(void) { return PG_DIAG_SCHEMA_NAME; }
static inline int cpostgres_table(void) { return PG_DIAG_TABLE_NAME; }
static inline int cpostgres_column(void) { return PG_DIAG_COLUMN_NAME; }
static inline int cpostgres_constraint(void) { return PG_DIAG_CONSTRAINT_NAME; }
static inline int cpostgres_function(void) { return PG_DIAG_SOURCE_FUNCTION; }
