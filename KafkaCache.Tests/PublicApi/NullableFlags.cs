using System.Reflection;

namespace KafkaCaching.Tests.PublicApi;

/// <summary>Reads the nullability of a signature in the compiler's order: a byte for each reference type, type parameter, array and generic
/// value type, outermost first (Roslyn's nullable-metadata.md). .NET's NullabilityInfoContext can't distinguish <c>T</c> from
/// <c>T?</c>.</summary>
internal sealed class NullableFlags(IList<CustomAttributeTypedArgument>? each, byte all)
{
    private const byte Annotated = 2;

    private int _next;

    public static NullableFlags None => new(null, 0);

    public static NullableFlags Of(ICustomAttributeProvider signature, MemberInfo? context)
    {
        IEnumerable<CustomAttributeData> attributes = signature switch
        {
            ParameterInfo parameter => parameter.CustomAttributes,
            MemberInfo member => member.CustomAttributes,
            _ => [],
        };
        var own = attributes.FirstOrDefault(
            attribute => attribute.AttributeType.Name is "NullableAttribute")?.ConstructorArguments[0].Value;
        if (own is IList<CustomAttributeTypedArgument> each)
            return new NullableFlags(each, 0);
        return new NullableFlags(null, own as byte? ?? Default(context));
    }

    public bool NextIsNullable() => (each is null ? all : each[_next++].Value as byte?) == Annotated;

    private static byte Default(MemberInfo? context)
    {
        for (; context is not null; context = context.DeclaringType)
        {
            if (
                context.CustomAttributes.FirstOrDefault(
                    attribute => attribute.AttributeType.Name is "NullableContextAttribute") is { } attribute)
                return (byte)attribute.ConstructorArguments[0].Value!;
        }

        return 0;
    }
}
