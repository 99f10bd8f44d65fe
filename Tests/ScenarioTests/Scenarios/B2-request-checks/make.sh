op() { printf '{"id": "%s", "entity": "chinook_customer", "action": "create", "store_params": {"first_name": "A", "last_name": "B", "email": "%s@x.example"}%s}' "$1" "$1" "$2"; }
many() { printf '{"limits": {"operations": 100}, "operations": ['; i=1; while [ $i -lt $1 ]; do op "$2$i"; printf ',\n'; i=$((i+1)); done; op "$2$1"; printf ']}\n'; }
echo '{"operations": []}' > none.json
many 101 m > many.json
many 100 m > limit.json
echo '{"operations": [{"id": "a", "action": "read"}, {"id": "b", "entity": "chinook_customer"}, {"id": "c"}]}' > missing.json
echo '{"operations": [{"entity": "chinook_customer", "action": "read", "query_params": {"email": "m1@x.example"}}, {"entity": "chinook_customer", "action": "update", "query_params": {"email": "m2@x.example"}, "store_params": {"first_name": "Z"}}]}' > unnamed.json
echo '{"operations": [{"id": "a", "entity": "chinook_customer", "action": "insert", "store_params": {"first_name": "A"}}]}' > action.json
echo "{\"operations\": [$(op a), $(op a)]}" > twice.json
echo "{\"operations\": [$(op a ', "depends_on": ["b"]')]}" > unknown.json
echo "{\"operations\": [$(op a ', "depends_on": ["c"]'), $(op b ', "depends_on": ["a"]'), $(op c ', "depends_on": ["b"]')]}" > cycle.json
echo "{\"operations\": [$(op a ', "depends_on": ["a"]')]}" > self.json
echo "{\"operations\": [$(op r1), $(op r2 ', "depends_on": ["r1", "r1"]')]}" > repeated.json
