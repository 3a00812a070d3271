using System.Reflection;
using KafkaCaching.Tests.House;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Packaging;

/// <summary>The tests that install packages. The packages are created once for all of them.</summary>
[CollectionDefinition(nameof(Packages))]
public sealed class Packages : ICollectionFixture<PackagesFixture>;

/// <summary>Packs this build to a folder, with a version that is unique to the run, so that no package of an earlier run is installed by
/// mistake.</summary>
public sealed class PackagesFixture : IAsyncLifetime
{
    public static readonly string[] Names = [
        "KafkaCache", "KafkaCache.AspNetCore", "KafkaCache.EntityFrameworkCore", "KafkaCache.EntityFrameworkCore.Debezium",
        "KafkaCache.EntityFrameworkCore.PostgreSQL", "KafkaCache.Hybrid", "KafkaCache.Jobs", "KafkaCache.Prometheus", "KafkaCache.Testing",
    ];

    private readonly TemporaryDirectory _folder = new();

    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    public string Folder => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        var configuration = typeof(KafkaCache).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        foreach (var name in Names)
            await DotnetCli.RunAsync(
                Repository.Root, "pack", name, "--no-build", "--configuration", configuration, "--output", Folder,
                $"-p:PackageVersion={Version}");
    }

    /// <summary>Creates a folder outside of this repository for a project that can install the packages.</summary>
    internal async Task<TemporaryDirectory> NewProjectFolderAsync()
    {
        var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packages-of-this-build" value="{Folder}" />
              </packageSources>
            </configuration>
            """);
        return folder;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        var installed = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var name in Names)
        {
            var package = Path.Combine(installed, name.ToLowerInvariant(), Version);
            if (Directory.Exists(package))
                Directory.Delete(package, recursive: true);
        }

        return ValueTask.CompletedTask;
    }
}
