using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using KafkaCaching.Tests.House;

namespace KafkaCaching.Tests.Packaging;

[Collection(nameof(Packages))]
[Trait("Category", "Long")]
public sealed class PackageContentTests(PackagesFixture packages)
{
    public static TheoryData<string> Names => [.. PackagesFixture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_holds_its_assembly_with_docs_a_readme_an_icon_and_the_licence_and_nothing_else(string name)
    {
        using var package = Open(name, "nupkg");
        string[] expected = ["LICENSE", "README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", $"{name}.nuspec"];
        string[] ofTheFormat = ["[Content_Types].xml", "_rels/.rels"];
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            package.Entries.Select(static entry => entry.FullName)
                .Where(
                    entry =>
                        !ofTheFormat.Contains(entry, StringComparer.Ordinal)
                            && !entry.StartsWith("package/services/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_package_says_what_it_is_and_needs_nothing_beside_what_the_docs_name(string name)
    {
        using var package = Open(name, "nupkg");
        await using var stream = await package.GetEntry($"{name}.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        var nuspec = await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);
        var metadata = nuspec.Root!.Elements()
            .Single()
            .Elements()
            .ToLookup(static element => element.Name.LocalName, StringComparer.Ordinal);
        Assert.Equal("MIT", metadata["license"].Single().Value);
        Assert.Equal(("README.md", "icon.png"), (metadata["readme"].Single().Value, metadata["icon"].Single().Value));
        Assert.NotEmpty(metadata["description"].Single().Value);

        var reasons = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "dependencies.md"), TestContext.Current.CancellationToken);
        var dependencies = nuspec.Descendants().Where(static element => element.Name.LocalName == "dependency")
            .ToLookup(static element => PackagesFixture.Names.Contains(element.Attribute("id")!.Value, StringComparer.Ordinal));
        Assert.All(dependencies[true], sibling => Assert.Equal(packages.Version, sibling.Attribute("version")!.Value));
        Assert.All(dependencies[false], other => Assert.Contains(other.Attribute("id")!.Value, reasons, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_assembly_is_deterministic_and_its_symbols_name_no_folder_of_the_machine(string name)
    {
        using var package = Open(name, "nupkg");
        await using var assembly = await ReadAsync(package.GetEntry($"lib/net10.0/{name}.dll")!);
        using var image = new PEReader(assembly);
        Assert.Contains(image.ReadDebugDirectory(), static entry => entry.Type == DebugDirectoryEntryType.Reproducible);

        using var symbols = Open(name, "snupkg");
        await using var pdb = await ReadAsync(symbols.GetEntry($"lib/net10.0/{name}.pdb")!);
        Assert.DoesNotContain(Repository.Root, Encoding.UTF8.GetString(pdb.ToArray()), StringComparison.Ordinal);
    }

    private static async Task<MemoryStream> ReadAsync(ZipArchiveEntry entry)
    {
        var copy = new MemoryStream();
        await using var stream = await entry.OpenAsync(TestContext.Current.CancellationToken);
        await stream.CopyToAsync(copy, TestContext.Current.CancellationToken);
        copy.Position = 0;
        return copy;
    }

    private ZipArchive Open(string name, string extension) =>
        ZipFile.OpenRead(Path.Combine(packages.Folder, $"{name}.{packages.Version}.{extension}"));
}
