namespace KafkaCaching.Jobs.Refreshing;

/// <summary>The encodings of a refreshed cache's IDs and rows, which are the same as those of an ordinary cache of the topic.</summary>
internal static class RowCodec
{
    public static CacheCodec<TKey, TRow> Of<TKey, TRow>(RefreshedCacheOptions<TKey, TRow> options, string topic)
        where TKey : notnull =>
        new KafkaCacheOptions<TKey, TRow>
        {
            Topic = topic,
            KeySerializer = options.KeySerializer,
            KeyDeserializer = options.KeyDeserializer,
            ValueSerializer = options.RowSerializer,
            ValueDeserializer = options.RowDeserializer,
            ValueJsonTypeInfo = options.RowJsonTypeInfo,
            ValueJsonOptions = options.RowJsonOptions,
        }.CreateCodec();

    /// <summary>The reasons why the encodings can't be created.</summary>
    public static IEnumerable<string> Faults<TKey, TRow>(RefreshedCacheOptions<TKey, TRow> options)
        where TKey : notnull
    {
        var isBuiltIn = typeof(TKey) == typeof(string) || typeof(TKey) == typeof(Guid) || typeof(TKey) == typeof(int)
            || typeof(TKey) == typeof(long);
        if (!isBuiltIn && (options.KeySerializer is null || options.KeyDeserializer is null))
            yield return $"KeySerializer or KeyDeserializer is missing. There is no built-in encoding for IDs of type {typeof(TKey).Name}: "
                + "set both, or use string, Guid, int or long.";
        else if (Refusal(options) is { } refusal)
            yield return $"Rows of type {typeof(TRow).Name} can't be encoded: {refusal}";
    }

    private static string? Refusal<TKey, TRow>(RefreshedCacheOptions<TKey, TRow> options)
        where TKey : notnull
    {
        try
        {
            _ = Of(options, "");
            return null;
        }
        catch (Exception refused) when (refused is NotSupportedException or InvalidOperationException)
        {
            return refused.Message;
        }
    }
}
