namespace KafkaCaching.Benchmarks;

/// <summary>What a child process is told of .NET's own settings.</summary>
internal static class RuntimeSettings
{
    /// <param name="tieredPgo">.NET's profile-guided optimization, on by default: it costs a short replay more than it brings.</param>
    public static IEnumerable<KeyValuePair<string, string?>> Of(bool tieredPgo) => [new("DOTNET_TieredPGO", tieredPgo ? "1" : "0")];
}
