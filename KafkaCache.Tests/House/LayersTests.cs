using System.Runtime.CompilerServices;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace KafkaCaching.Tests.House;

/// <summary>A type may reference only types of its own folder and of folders below it. The references are read from the compiled
/// library.</summary>
/// <remarks>Simple public types are exempt from this order. These are public types that reference only other such types (a status, an
/// outcome, an exception, an enum). They are in the folder to which they belong, and any folder may use them. The compiled library has no
/// references to constants, so the <c>using</c> lines of the sources are checked too.</remarks>
public sealed class LayersTests
{
    private static readonly string[] FromTheTop =
    [
        "Hosting/Health", "Hosting/Views", "Hosting", "Hosting/Defaults", "Hosting/Configuration",
        "Views",
        SourceFolders.Root,
        "Parts",
        "Transports",
        "Puts",
        "Reads",
        "Generations/Supervision", "Generations/Watch", "Generations",
        "Snapshots/FromFile", "Snapshots", "Snapshots/Format",
        "Changes",
        "Options",
        "Replay", "Replay/Applying", "Replay/Errors", "Replay/Sources", "Replay/Progress", "Replay/Claims",
        "Leadership",
        "Topics/Owned", "Topics",
        "Logs",
        "Clients",
        "Indexes",
        "Store/Faster", "Store/Expiry", "Store/Log", "Store/Sessions", "Store/Memory", "Store/Spill", "Store", "Store/Capture",
        "Store/Eviction", "Store/Entries",
        "Encodings/Json", "Encodings",
        "Diagnostics",
        "Waiting",
        "Native",
    ];

    // A codec provides the codecs of other types, which may be encoded as JSON.
    private static readonly (string From, string To)[] Allowed = [("Encodings", "Encodings/Json")];

    private static readonly IReadOnlyDictionary<string, string> Folders =
        SourceFolders.Of(typeof(KafkaCache).Assembly.Location, nameof(KafkaCache));

    private static readonly ILookup<string, string> Known = KnownTypes();

    private static readonly HashSet<string> Words = WordsOfThePublicFace();

    [Fact]
    public void Each_folder_has_its_layer()
    {
        Assert.Equal(Folders.Values.Distinct().Order(), FromTheTop.Order());
        var ours = typeof(KafkaCache).Assembly.GetTypes().Where(IsOurs).Select(static type => type.FullName);
        Assert.Equal(ours.Order(), Folders.Keys.Order());
    }

    [Fact]
    public void A_type_knows_none_of_a_layer_above() => Holds(
        from type in Known
        where !Words.Contains(type.Key)
        from known in type
        where !Words.Contains(known) && LiesAbove(Folders[known], Folders[type.Key])
        select $"{Folders[type.Key]}: {type.Key} knows {known} in {Folders[known]}, which lies above");

    [Fact]
    public void A_source_file_names_no_namespace_of_a_layer_above() => Holds(
        from file in Sources()
        from line in File.ReadLines(file.Path)
        let named = FromTheTop.FirstOrDefault(folder => line == $"using {NamespaceOf(folder)};")
        where named is not null && LiesAbove(named, file.Folder)
        select $"{file.Folder}/{Path.GetFileName(file.Path)}: {line} Its folder lies above");

    [Fact]
    public void The_words_of_the_public_face_are_found()
    {
        Assert.Contains(typeof(CachePosition).FullName!, Words);
        Assert.Contains(typeof(CacheStatus).FullName!, Words);
        Assert.DoesNotContain(typeof(KafkaCache<,>).FullName!, Words);
    }

    private static bool LiesAbove(string folder, string other) =>
        Array.IndexOf(FromTheTop, folder) < Array.IndexOf(FromTheTop, other) && !Allowed.Contains((other, folder));

    private static ILookup<string, string> KnownTypes()
    {
        var library = new ArchLoader().LoadAssemblies(typeof(KafkaCache).Assembly).Build();
        return (
            from type in library.Types
            from dependency in type.Dependencies
            let pair = (Type: Outermost(type), Known: Outermost(dependency.Target))
            where pair.Type != pair.Known && Folders.ContainsKey(pair.Type) && Folders.ContainsKey(pair.Known)
            select pair).Distinct().ToLookup(static pair => pair.Type, static pair => pair.Known);
    }

    private static HashSet<string> WordsOfThePublicFace()
    {
        HashSet<string> words = [.. typeof(KafkaCache).Assembly.GetExportedTypes().Select(static type => type.FullName!)];
        while (words.RemoveWhere(word => Known[word].Any(known => !words.Contains(known))) > 0)
        {
            // Types that reference a removed type are removed in the next pass.
        }

        return words;
    }

    private static IEnumerable<(string Path, string Folder)> Sources()
    {
        var project = Path.Combine(Repository.Root, nameof(KafkaCache));
        return
            from folder in FromTheTop
            from path in Directory.EnumerateFiles(folder == SourceFolders.Root ? project : Path.Combine(project, folder), "*.cs")
            select (path, folder);
    }

    private static string? NamespaceOf(string folder) =>
        folder == SourceFolders.Root ? null : $"{nameof(KafkaCaching)}.{folder.Replace('/', '.')}";

    private static string Outermost(IType type) => type.FullName.Split('+')[0];

    private static bool IsOurs(System.Type type) =>
        type is { IsNested: false, Namespace: { } name } && !name.StartsWith(nameof(System), StringComparison.Ordinal)
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static void Holds(IEnumerable<string> broken)
    {
        string[] all = [.. broken.Order(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
