using System.Reflection;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Tests.PublicApi;

/// <summary>The public and protected members of an assembly, each as a line similar to C#, in ordinal order.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    public static string[] Of(Assembly assembly) => Of(assembly.GetExportedTypes());

    public static string[] Of(IEnumerable<Type> types) => [.. types.SelectMany(Lines).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        var name = $"{Modifiers(type)} {FullName(type)}";
        if (type.BaseType == typeof(MulticastDelegate))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            yield return $"{name}: {TypeNames.Return(invoke)} ({Parameters(invoke)}){TypeNames.Constraints(type.GetGenericArguments())}";
            yield break;
        }

        yield return $"{name}{Bases(type)}{TypeNames.Constraints(type.GetGenericArguments())}";
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetNames(type))
                yield return $"{name}: {value} = {Convert.ToInt64(Enum.Parse(type, value), null)}";
            yield break;
        }

        foreach (MemberInfo member in type.GetMembers(Declared))
        {
            // The compiler-generated members of a record are implied by the lines of the record and its properties.
            if (member is not Type && !member.IsDefined(typeof(CompilerGeneratedAttribute), false) && Member(type, member) is { } line)
                yield return $"{name}: {line}";
        }
    }

    private static string? Member(Type type, MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) =>
            $"{Access(constructor)}{TypeNames.Simple(type.Name)}({Parameters(constructor)})",
        PropertyInfo property when Accessors(property) is { Length: > 0 } accessors => $"{accessors}",
        EventInfo { AddMethod: { } add } happening when IsVisible(add) => $"{Access(add)}event {TypeNames.Of(happening)} {happening.Name}",
        FieldInfo { IsLiteral: true } constant when IsVisible(constant) =>
            $"const {TypeNames.Of(constant)} {constant.Name} = {Literal(constant.GetRawConstantValue(), constant.FieldType)}",
        FieldInfo field when IsVisible(field) =>
            $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeNames.Of(field)} {field.Name}",
        MethodInfo { IsSpecialName: true } conversion when IsVisible(conversion) && conversion.Name is "op_Explicit" or "op_Implicit" =>
            $"static {conversion.Name[3..].ToLowerInvariant()} operator "
            + $"{TypeNames.Return((MethodInfo)member)}({Parameters((MethodInfo)member)})",
        MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
            $"{Access(method)}{TypeNames.Return(method)} "
            + $"{method.Name}{TypeNames.Arguments(method.GetGenericArguments())}({Parameters(method)})"
            + TypeNames.Constraints(method.GetGenericArguments()),
        _ => null,
    };

    private static string Accessors(PropertyInfo property)
    {
        MethodInfo[] visible = [.. property.GetAccessors(nonPublic: true).Where(IsVisible)];
        if (visible.Length == 0)
            return "";
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters() is { Length: > 0 } parameters
            ? $"[{string.Join(", ", parameters.Select(Parameter))}]"
            : "";
        IEnumerable<string> accessors = visible.Select(accessor =>
            accessor.ReturnType != typeof(void) ? "get;"
            : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;");
        return $"{Access(visible[0])}{required}{TypeNames.Of(property)} {property.Name}{index} {{ {string.Join(' ', accessors)} }}";
    }

    private static string Modifiers(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { BaseType: { } delegates } when delegates == typeof(MulticastDelegate) => "delegate",
        { IsInterface: true } => "interface",
        { IsValueType: true } => (
            type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Bases(Type type)
    {
        IEnumerable<Type> parent = type is { IsClass: true, BaseType: { } known } && known != typeof(object) ? [known] : [];
        Type[] interfaces = type.GetInterfaces();
        Type[] inherited = [.. (type.BaseType?.GetInterfaces() ?? []), .. interfaces.SelectMany(one => one.GetInterfaces())];
        string[] names =
            [
                .. parent.Select(TypeNames.Of),
                .. interfaces.Where(one => one.IsVisible).Except(inherited).Select(TypeNames.Of).Order(StringComparer.Ordinal),
            ];
        return names.Length == 0 || type.IsEnum ? "" : $" : {string.Join(", ", names)}";
    }

    private static string FullName(Type type) => type.DeclaringType is { } outer
        ? $"{FullName(outer)}.{TypeNames.Simple(type.Name)}{TypeNames.Arguments(type.GetGenericArguments())}"
        : $"{type.Namespace}.{TypeNames.Simple(type.Name)}{TypeNames.Arguments(type.GetGenericArguments())}";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ")
        + (method.IsStatic ? "static " : "")
        + (method is { IsAbstract: true, DeclaringType.IsInterface: false } ? "abstract "
            : method is { IsVirtual: true, IsFinal: false, DeclaringType.IsInterface: false, DeclaringType.IsSealed: false }
                ? "virtual "
                : "");

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var way = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref "
            : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var preset = parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue, parameter.ParameterType)}" : "";
        return $"{way}{TypeNames.Of(parameter)} {parameter.Name}{preset}";
    }

    private static string Literal(object? value, Type type) => (value, type) switch
    {
        (null, { IsValueType: true }) when Nullable.GetUnderlyingType(type) is null => "default",
        (null, _) => "null",
        (string text, _) => $"\"{text}\"",
        (bool truth, _) => truth ? "true" : "false",
        (_, { IsEnum: true }) => $"{type.Name}.{Enum.ToObject(type, value)}",
        _ => FormattableString.Invariant($"{value}"),
    };
}
