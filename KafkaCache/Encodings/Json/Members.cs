using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json.Serialization;

namespace KafkaCaching.Encodings.Json;

/// <summary>What a type keeps, as against what it computes.</summary>
internal static class Members
{
    private const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;
    private const BindingFlags OfInstance = Public | BindingFlags.NonPublic;

    /// <summary>Public properties that keep something, and that nobody has marked as left out.</summary>
    public static IEnumerable<PropertyInfo> StateOf(Type type) =>
        type.GetProperties(Public).Where(static property => KeepsState(property) && !IsIgnored(property));

    /// <summary>Whether the member is a field, has one behind it, or hands one out as it is. What computes its value at each call has
    /// nothing to lose.</summary>
    public static bool KeepsState(ICustomAttributeProvider? member) => member switch
    {
        FieldInfo => true,
        PropertyInfo property => HasBackingField(property) || HandsOutField(property.GetMethod),
        _ => false,
    };

    public static bool IsIgnored(MemberInfo member) =>
        member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always };

    /// <summary>Whether a type keeps anything at all.</summary>
    public static bool HasFields(Type type)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            if (one.GetFields(OfInstance | BindingFlags.DeclaredOnly).Length > 0)
                return true;
        }

        return false;
    }

    /// <summary>The compiler's name for the field behind <c>{ get; }</c>, and behind the keyword <c>field</c>.</summary>
    private static bool HasBackingField(PropertyInfo property) =>
        property.DeclaringType?.GetField($"<{property.Name}>k__BackingField", OfInstance) is not null;

    /// <summary>Whether a getter is <c>=> _field</c> and no more. Where there is no IL to look at, it counts as one that
    /// computes.</summary>
    private static bool HandsOutField(MethodInfo? getter)
    {
        if (getter?.GetMethodBody()?.GetILAsByteArray() is not { } code)
            return false;
        ReadOnlySpan<byte> start = [(byte)OpCodes.Ldarg_0.Value, (byte)OpCodes.Ldfld.Value];
        var body = code.AsSpan().TrimStart((byte)OpCodes.Nop.Value);
        if (!body.StartsWith(start))
            return false;

        // Compiled without optimization, a block keeps what it returns in a local first, and jumps over nothing.
        ReadOnlySpan<byte> unoptimized = [
            (byte)OpCodes.Stloc_0.Value, (byte)OpCodes.Br_S.Value, 0, (byte)OpCodes.Ldloc_0.Value, (byte)OpCodes.Ret.Value,
        ];
        var end = body[(start.Length + sizeof(int))..];
        return (end.Length == 1 && end[0] == (byte)OpCodes.Ret.Value) || end.SequenceEqual(unoptimized);
    }
}
