SELECT (
  SELECT json_group_array(code) FROM (SELECT code FROM customer WHERE overdue ORDER BY code)
) AS codes
