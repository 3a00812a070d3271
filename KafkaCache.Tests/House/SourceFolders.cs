using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace KafkaCaching.Tests.House;

/// <summary>Determines the folder in which each type of an assembly is declared, from the debug symbols. The namespace is not sufficient,
/// because public types are in several folders but all in the namespace <c>KafkaCaching</c>.</summary>
internal sealed class SourceFolders
{
    /// <summary>The name of the project's own folder.</summary>
    public const string Root = "(root)";

    // The kind of the record that names the file of a type without code (Roslyn's PortablePdb-Metadata.md).
    private static readonly Guid TypeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);
    private readonly MetadataReader _types;
    private readonly MetadataReader _symbols;
    private readonly string _project;

    private SourceFolders(MetadataReader types, MetadataReader symbols, string project) =>
        (_types, _symbols, _project) = (types, symbols, $"/{project}/");

    /// <param name="assembly">The path of the assembly. Its symbols are in the same folder.</param>
    /// <param name="project">The name of the project's folder.</param>
    /// <returns>The folder of each type that is declared in a namespace, by the type's full name.</returns>
    public static IReadOnlyDictionary<string, string> Of(string assembly, string project)
    {
        using var types = new PEReader(File.OpenRead(assembly));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        var folders = new SourceFolders(types.GetMetadataReader(), symbols.GetMetadataReader(), project);
        folders.Read();
        return folders._folders;
    }

    private void Read()
    {
        foreach (var handle in _types.TypeDefinitions)
        {
            var type = _types.GetTypeDefinition(handle);
            if (type.IsNested || type.Namespace.IsNil || FolderOf(handle) is not { } folder)
                continue;
            _folders.Add($"{_types.GetString(type.Namespace)}.{_types.GetString(type.Name)}", folder);
        }
    }

    private string? FolderOf(TypeDefinitionHandle type) =>
        FilesOf(type).Select(FolderOf).FirstOrDefault(static folder => folder is not null);

    // Generated files are in obj/ and are ignored, so a partial type gets the folder of its handwritten file.
    private string? FolderOf(string file)
    {
        var path = file.Replace('\\', '/');
        var start = path.LastIndexOf(_project, StringComparison.Ordinal);
        if (start < 0 || path.Contains("/obj/", StringComparison.Ordinal))
            return null;
        var inProject = path[(start + _project.Length)..];
        var end = inProject.LastIndexOf('/');
        return end < 0 ? Root : inProject[..end];
    }

    private IEnumerable<string> FilesOf(TypeDefinitionHandle type)
    {
        foreach (var handle in _symbols.GetCustomDebugInformation(type))
        {
            var information = _symbols.GetCustomDebugInformation(handle);
            if (_symbols.GetGuid(information.Kind) != TypeDocuments)
                continue;
            var documents = _symbols.GetBlobReader(information.Value);
            yield return NameOf(MetadataTokens.DocumentHandle(documents.ReadCompressedInteger()));
        }

        var definition = _types.GetTypeDefinition(type);
        foreach (var method in definition.GetMethods())
        {
            var document = _symbols.GetMethodDebugInformation(method.ToDebugInformationHandle()).Document;
            if (!document.IsNil)
                yield return NameOf(document);
        }

        foreach (var file in definition.GetNestedTypes().SelectMany(FilesOf))
            yield return file;
    }

    private string NameOf(DocumentHandle document) => _symbols.GetString(_symbols.GetDocument(document).Name);
}
