using System.ComponentModel;
using System.Reflection;

namespace KafkaCaching.Reads;

/// <summary>Determines which types declare that their instances never change. A value type is copied to each reader anyway, so there is
/// nothing to share.</summary>
internal static class Immutability
{
    public static bool IsDeclaredBy(Type type) =>
        type == typeof(string)
        || (type is { IsClass: true, IsSealed: true } && type.GetCustomAttribute<ImmutableObjectAttribute>() is { Immutable: true });
}
