namespace KafkaCaching.Clients;

/// <summary>The property <c>security.protocol</c>.</summary>
internal static class ClientProtocol
{
    public const string Default = "plaintext";

    /// <summary>The protocol that the properties set, or <see langword="null"/> if they set none.</summary>
    public static string? In(IEnumerable<KeyValuePair<string, string>>? properties) =>
        properties?.LastOrDefault(static property => property.Key is "security.protocol").Value;
}
