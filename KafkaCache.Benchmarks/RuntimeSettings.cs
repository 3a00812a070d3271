namespace KafkaCaching.Benchmarks;

/// <summary>The .NET settings that a child process gets.</summary>
internal static class RuntimeSettings
{
    /// <param name="tieredPgo">Whether .NET's profile-guided optimization is on, which is the default. It costs a short replay more than it
    /// gains.</param>
    public static IEnumerable<KeyValuePair<string, string?>> Of(bool tieredPgo) => [new("DOTNET_TieredPGO", tieredPgo ? "1" : "0")];
}
