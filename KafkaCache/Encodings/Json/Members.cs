using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json.Serialization;

namespace KafkaCaching.Encodings.Json;

/// <summary>Distinguishes members that hold state from those that compute their value.</summary>
internal static class Members
{
    private const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;
    private const BindingFlags OfInstance = Public | BindingFlags.NonPublic;

    /// <summary>Returns the public properties that hold state and are not marked as ignored.</summary>
    public static IEnumerable<PropertyInfo> StateOf(Type type) =>
        type.GetProperties(Public).Where(static property => KeepsState(property) && !IsIgnored(property));

    /// <summary>Whether the member is a field, has a backing field, or returns a field unchanged. Any other member computes its value at
    /// each call and has no state that could be lost.</summary>
    public static bool KeepsState(ICustomAttributeProvider? member) => member switch
    {
        FieldInfo => true,
        PropertyInfo property => HasBackingField(property) || HandsOutField(property.GetMethod),
        _ => false,
    };

    public static bool IsIgnored(MemberInfo member) =>
        member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always };

    /// <summary>Whether a type keeps any state at all.</summary>
    public static bool HasFields(Type type)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            if (one.GetFields(OfInstance | BindingFlags.DeclaredOnly).Length > 0)
                return true;
        }

        return false;
    }

    /// <summary>Looks for the field that the compiler generates for an auto-implemented property or for the keyword <c>field</c>.</summary>
    private static bool HasBackingField(PropertyInfo property) =>
        property.DeclaringType?.GetField($"<{property.Name}>k__BackingField", OfInstance) is not null;

    /// <summary>Whether a getter is just <c>=> _field</c>. If the IL is not available, the getter counts as computing its value.</summary>
    private static bool HandsOutField(MethodInfo? getter)
    {
        if (getter?.GetMethodBody()?.GetILAsByteArray() is not { } code)
            return false;
        ReadOnlySpan<byte> start = [(byte)OpCodes.Ldarg_0.Value, (byte)OpCodes.Ldfld.Value];
        var body = code.AsSpan().TrimStart((byte)OpCodes.Nop.Value);
        if (!body.StartsWith(start))
            return false;

        // In code compiled without optimization, a block body stores the return value in a local first and then jumps to the next
        // instruction.
        ReadOnlySpan<byte> unoptimized = [
            (byte)OpCodes.Stloc_0.Value, (byte)OpCodes.Br_S.Value, 0, (byte)OpCodes.Ldloc_0.Value, (byte)OpCodes.Ret.Value,
        ];
        var end = body[(start.Length + sizeof(int))..];
        return (end.Length == 1 && end[0] == (byte)OpCodes.Ret.Value) || end.SequenceEqual(unoptimized);
    }
}
