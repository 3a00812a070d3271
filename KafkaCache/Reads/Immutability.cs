using System.ComponentModel;
using System.Reflection;

namespace KafkaCaching.Reads;

/// <summary>Determines which types declare that their instances never change. Value types are not included: they are copied to each reader,
/// so there is nothing to share.</summary>
internal static class Immutability
{
    public static bool IsDeclaredBy(Type type) =>
        type == typeof(string)
        || (type is { IsClass: true, IsSealed: true } && type.GetCustomAttribute<ImmutableObjectAttribute>() is { Immutable: true });
}
