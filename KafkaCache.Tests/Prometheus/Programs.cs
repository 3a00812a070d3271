namespace KafkaCaching.Tests;

/// <summary>Finds programs that tests use if they are installed.</summary>
internal static class Programs
{
    public static bool IsOnPath(string name) => PathOf(name) is not null;

    public static string? PathOf(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
