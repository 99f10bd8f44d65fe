-- The newest books first; of one year the cheapest. Who asks says ':since' and how many.
SELECT book_id, title, year, price
FROM book
WHERE year >= :since
  AND (:titles IS NULL OR title IN (SELECT value FROM json_each(:titles)))
ORDER BY year DESC, price
LIMIT :most
