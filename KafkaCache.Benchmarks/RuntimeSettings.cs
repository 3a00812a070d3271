namespace KafkaCaching.Benchmarks;

/// <summary>The .NET settings that a child process gets.</summary>
internal static class RuntimeSettings
{
    /// <param name="tieredPgo">Whether .NET's profile-guided optimization is enabled, as it is by default. It makes a short replay
    /// slower.</param>
    public static IEnumerable<KeyValuePair<string, string?>> Of(bool tieredPgo) => [new("DOTNET_TieredPGO", tieredPgo ? "1" : "0")];
}
