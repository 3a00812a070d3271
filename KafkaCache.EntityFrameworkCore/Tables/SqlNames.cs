namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>Finds names in SQL.</summary>
internal static class SqlNames
{
    /// <summary>The number of times that a name occurs in SQL, not counting occurrences within a longer name.</summary>
    public static int Count(string sql, string name, StringComparison comparison = StringComparison.Ordinal)
    {
        var count = 0;
        for (var at = sql.IndexOf(name, comparison); at >= 0; at = sql.IndexOf(name, at + 1, comparison))
        {
            if (!IsPart(sql, at - 1, name[0]) && !IsPart(sql, at + name.Length, name[^1]))
                count++;
        }

        return count;
    }

    // If the searched name begins or ends with a quote, a character beyond the quote can't be part of it.
    private static bool IsPart(string sql, int at, char inner) => IsOfName(inner) && at >= 0 && at < sql.Length && IsOfName(sql[at]);

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';
}
