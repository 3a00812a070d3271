namespace KafkaCaching.Tests.House;

/// <summary>Finds the sources, for tests that read them.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "KafkaCache.sln")))
                return directory.FullName;
        }

        throw new DirectoryNotFoundException($"No KafkaCache.sln above {AppContext.BaseDirectory}: this test reads the sources.");
    }
}
