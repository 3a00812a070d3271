namespace KafkaCaching.Clients;

/// <summary>The property <c>security.protocol</c>.</summary>
internal static class ClientProtocol
{
    public const string Default = "plaintext";

    /// <summary>What properties set it to; <see langword="null"/> where they don't.</summary>
    public static string? In(IEnumerable<KeyValuePair<string, string>>? properties) =>
        properties?.LastOrDefault(static property => property.Key is "security.protocol").Value;
}
