using System.Reflection;

namespace KafkaCaching.Tests.PublicApi;

/// <summary>Formats types as in C#, with question marks for nullable references.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(short)] = "short",
        [typeof(string)] = "string",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(ushort)] = "ushort",
        [typeof(void)] = "void",
    };

    public static string Of(Type type) => Of(type, NullableFlags.None);

    public static string Of(PropertyInfo property) =>
        Of(property.PropertyType, NullableFlags.Of(property, property.GetAccessors(nonPublic: true)[0]));

    public static string Of(FieldInfo field) => Of(field.FieldType, NullableFlags.Of(field, field.DeclaringType));

    public static string Of(EventInfo happening) => Of(happening.EventHandlerType!, NullableFlags.Of(happening, happening.AddMethod));

    public static string Of(ParameterInfo parameter) => Of(parameter.ParameterType, NullableFlags.Of(parameter, parameter.Member));

    public static string Return(MethodInfo method) => Of(method.ReturnParameter);

    public static string Simple(string name) => name.Split('`')[0];

    public static string Arguments(Type[] arguments) =>
        arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(one => one.Name))}>";

    public static string Constraints(Type[] arguments) => string.Concat(arguments.Where(one => one.IsGenericParameter).Select(Constraint));

    private static string Of(Type type, NullableFlags flags)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, flags);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Of(underlying, flags)}?";
        Type[] arguments = type.GetGenericArguments();
        var mark = (!type.IsValueType || arguments.Length > 0) && flags.NextIsNullable() ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, flags)}[]{mark}";
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword + mark;
        return arguments.Length == 0 || type.IsGenericParameter
            ? type.Name + mark
            : $"{Simple(type.Name)}<{string.Join(", ", arguments.Select(argument => Of(argument, flags)))}>{mark}";
    }

    private static string Constraint(Type argument)
    {
        GenericParameterAttributes attributes = argument.GenericParameterAttributes;
        List<string> all = [];
        if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
            all.Add("struct");
        else if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            all.Add("class");
        else if (IsNotNull(argument))
            all.Add("notnull");
        all.AddRange(argument.GetGenericParameterConstraints().Where(one => one != typeof(ValueType)).Select(Of));
        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && all is not ["struct", ..])
            all.Add("new()");
        return all.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", all)}";
    }

    // The compiler represents notnull as the byte 1 on the type parameter, or as the default of its declaring member.
    private static bool IsNotNull(Type argument)
    {
        IEnumerable<MemberInfo?> from = [argument, argument.DeclaringMethod, argument.DeclaringType];
        foreach (MemberInfo? one in from)
        {
            CustomAttributeData? attribute = one?.CustomAttributes.FirstOrDefault(
                a => a.AttributeType.Name is "NullableAttribute" or "NullableContextAttribute");
            if (attribute is not null)
                return attribute.ConstructorArguments is [{ Value: byte and 1 }];
        }

        return false;
    }
}
