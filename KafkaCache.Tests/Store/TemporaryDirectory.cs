namespace KafkaCaching.Tests.Store;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("kafkacache-tests-").FullName;

    public string[] Files => Directory.GetFiles(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
