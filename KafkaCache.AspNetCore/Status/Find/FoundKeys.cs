namespace KafkaCaching.AspNetCore.Status.Find;

/// <summary>The first keys that a look-up has found, in the form in which a user would type them.</summary>
internal sealed record FoundKeys(IReadOnlyList<string> Keys, bool HasMore)
{
    private const int MaxKeys = 50;

    public static FoundKeys Of(IEnumerable<string> found)
    {
        List<string> keys = [.. found.Take(MaxKeys + 1)];
        return new FoundKeys([.. keys.Take(MaxKeys)], keys.Count > MaxKeys);
    }
}
