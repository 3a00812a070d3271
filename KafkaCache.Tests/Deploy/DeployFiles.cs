using System.Text.Json;
using KafkaCaching.Tests.House;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace KafkaCaching.Tests.Deploy;

/// <summary>Reads the deployment files, as text and as parsed YAML.</summary>
internal static class DeployFiles
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "deploy");

    public static string PathOf(string file) => Path.Combine(Folder, file);

    public static string Doc(string file) => File.ReadAllText(Path.Combine(Repository.Root, "docs", file));

    /// <summary>The only document of a YAML file.</summary>
    public static JsonElement Yaml(string path) => Assert.Single(YamlDocuments(path));

    public static IReadOnlyList<JsonElement> YamlDocuments(string path)
    {
        var documents = new List<JsonElement>();
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var json = new SerializerBuilder().JsonCompatible().Build();
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(path))));
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
            documents.Add(JsonElement.Parse(json.Serialize(deserializer.Deserialize<object>(parser))));
        return documents;
    }
}
