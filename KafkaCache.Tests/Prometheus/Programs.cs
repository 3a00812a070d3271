namespace KafkaCaching.Tests;

/// <summary>Programs that tests use where the machine has them.</summary>
internal static class Programs
{
    public static bool IsOnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));
}
