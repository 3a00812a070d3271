using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Docs;
using KafkaCaching.Tests.House;

namespace KafkaCaching.Tests.Packaging;

/// <summary>Projects that use the library only through its packages.</summary>
[Collection(nameof(Packages))]
[Trait("Category", "Long")]
public sealed class InstalledPackageTests(PackagesFixture packages, EmbeddedBrokerFixture embedded)
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
        </Project>
        """;

    [Fact]
    public async Task The_ten_lines_run_in_a_new_project_with_the_package_installed()
    {
        var program = Snippet.In(Repository.Root, Path.Combine("eng", "package", "README.md")).Single().Code;
        Assert.Contains(Snippet.In(Repository.Root, "README.md"), snippet => snippet.Code == program);
        var topic = embedded.CreateTopic();
        program = program
            .Replace("localhost:9092", embedded.BootstrapServers, StringComparison.Ordinal)
            .Replace("\"users\"", $"\"{topic}\"", StringComparison.Ordinal);

        using var folder = await packages.NewProjectFolderAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "Ten.csproj"), Project, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "Program.cs"), program, TestContext.Current.CancellationToken);
        await DotnetCli.RunAsync(folder.Path, "add", "package", "KafkaCache", "--version", packages.Version);
        var output = await DotnetCli.RunAsync(folder.Path, "run");

        Assert.Equal("0:0 User { Email = ada@example.com, DisplayName = Ada }", output.Trim());
    }
}
