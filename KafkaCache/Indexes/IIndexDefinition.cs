using System.Reflection;

namespace KafkaCaching.Indexes;

internal interface IIndexDefinition<in TValue>
{
    string Name { get; }

    bool IsUnique { get; }

    /// <summary>The module that contains the function that returns an entry's terms.</summary>
    Module Code { get; }

    /// <summary>Adds the hashes of a value's terms. Equal terms have equal hashes.</summary>
    void AddHashes(TValue value, List<ulong> hashes);
}
