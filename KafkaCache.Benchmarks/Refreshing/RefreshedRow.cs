namespace KafkaCaching.Benchmarks.Refreshing;

/// <summary>A row of about 150 bytes, with the round in which it last changed.</summary>
internal sealed record RefreshedRow(int Id, int Round, string Text)
{
    private const int TextLength = 100;

    /// <summary>All rows as of a round. In each round, one row in a hundred changes.</summary>
    public static RefreshedRow[] All(int rows, int round) =>
        [.. Enumerable.Range(0, rows).Select(id => new RefreshedRow(id, LastChange(id, round), Filler(id)))];

    private static int LastChange(int id, int round)
    {
        var since = ((round - id) % 100 + 100) % 100;
        return Math.Max(0, round - since);
    }

    private static string Filler(int id) => new((char)('a' + (id % 26)), TextLength);
}
