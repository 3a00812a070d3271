using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace KafkaCaching.Native;

/// <summary>Binds this assembly's imports to the librdkafka module that Confluent.Kafka has loaded.</summary>
/// <remarks>
/// A second copy of librdkafka in the process would not know the handles of the first. On Linux, Confluent.Kafka chooses among builds with
/// different names (alpine-librdkafka, centos8-librdkafka), so a fixed name does not identify the one that it loaded.
/// </remarks>
internal static class NativeModule
{
    public const string Name = "librdkafka";

    // The handle is cached, because the resolver is called for every import, and searching the modules of the process takes milliseconds.
    private static readonly Lazy<nint> Loaded = new(Find, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Loads the module if it is not loaded yet. This takes tens of milliseconds.</summary>
    /// <exception cref="DllNotFoundException">The module does not exist or can't be identified.</exception>
    public static void Load() => _ = Loaded.Value;

#pragma warning disable CA2255 // The resolver must be set before any import of this assembly is bound.
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeModule).Assembly, Resolve);
#pragma warning restore CA2255

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        return string.Equals(name, Name, StringComparison.Ordinal) ? Loaded.Value : 0;
    }

    private static nint Find()
    {
        Library.Load();
        if (LoadedPath() is { } path && NativeLibrary.TryLoad(path, out var loaded))
            return loaded;

        // On macOS, the modules of a process can't be listed. But on macOS, as on Windows, the module of Confluent.Kafka has a fixed name.
        if (NativeLibrary.TryLoad(Name, typeof(Library).Assembly, searchPath: null, out var byName))
            return byName;

        throw new DllNotFoundException(
            "The librdkafka module that Confluent.Kafka loaded can't be found in this process. " +
            "Reference the package librdkafka.redist, or call Confluent.Kafka.Library.Load(path) first.");
    }

    private static string? LoadedPath()
    {
        using Process current = Process.GetCurrentProcess();
        return current.Modules
            .Cast<ProcessModule>()
            .Select(static module => module.FileName)
            .FirstOrDefault(static file => Path.GetFileName(file).Contains(Name, StringComparison.OrdinalIgnoreCase));
    }
}
