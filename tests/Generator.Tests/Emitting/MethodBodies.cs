using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Generator.Tests.Emitting;

/// <summary>What the JIT counts of one method before it decides whether to optimise it.</summary>
/// <param name="Name">Type and method.</param>
/// <param name="Bytes">Bytes of IL.</param>
/// <param name="Instructions">IL instructions.</param>
/// <param name="Blocks">Basic blocks.</param>
/// <param name="Variables">Arguments and locals.</param>
/// <param name="Accesses">Instructions that access one of them.</param>
internal sealed record MethodSize(string Name, int Bytes, int Instructions, int Blocks, int Variables, int Accesses);

/// <summary>Measures the methods of an assembly.</summary>
internal static class MethodBodies
{
    private static readonly IReadOnlyDictionary<int, OpCode> s_opcodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);

    /// <summary>Measures every method that has a body.</summary>
    public static IReadOnlyList<MethodSize> Measure(ImmutableArray<byte> assembly)
    {
        using var image = new PEReader(assembly);
        MetadataReader metadata = image.GetMetadataReader();
        return
        [
            .. metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0)
                .Select(method => Measure(metadata, method, image.GetMethodBody(method.RelativeVirtualAddress))),
        ];
    }

    private static MethodSize Measure(MetadataReader metadata, MethodDefinition method, MethodBodyBlock body)
    {
        string type = metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name);
        int variables = method.GetParameters().Count + Locals(metadata, body);
        BlobReader il = body.GetILReader();
        int instructions = 0, accesses = 0;
        var leaders = new HashSet<int> { 0 };
        while (il.RemainingBytes > 0)
        {
            int value = il.ReadByte();
            OpCode code = s_opcodes[value == 0xFE ? 0xFE00 | il.ReadByte() : value];
            instructions++;
            if (code.Name!.Contains("loc") || code.Name.Contains("arg"))
                accesses += code.Name is "localloc" or "arglist" ? 0 : 1;
            SkipOperand(ref il, code, leaders);
            if (code.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw)
                leaders.Add(il.Offset);
        }
        leaders.Remove(il.Length);
        return new MethodSize($"{type}.{metadata.GetString(method.Name)}", il.Length, instructions, leaders.Count, variables, accesses);
    }

    private static int Locals(MetadataReader metadata, MethodBodyBlock body)
    {
        if (body.LocalSignature.IsNil)
            return 0;
        BlobReader signature = metadata.GetBlobReader(metadata.GetStandaloneSignature(body.LocalSignature).Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger();
    }

    private static void SkipOperand(ref BlobReader il, OpCode code, HashSet<int> leaders)
    {
        switch (code.OperandType)
        {
            case OperandType.InlineNone:
                break;
            case OperandType.ShortInlineBrTarget:
                int near = il.ReadSByte();
                leaders.Add(il.Offset + near);
                break;
            case OperandType.InlineBrTarget:
                int far = il.ReadInt32();
                leaders.Add(il.Offset + far);
                break;
            case OperandType.ShortInlineI or OperandType.ShortInlineVar:
                il.ReadByte();
                break;
            case OperandType.InlineVar:
                il.ReadInt16();
                break;
            case OperandType.InlineI8 or OperandType.InlineR:
                il.ReadInt64();
                break;
            case OperandType.InlineSwitch:
                int targets = il.ReadInt32(), next = il.Offset + 4 * targets;
                for (int i = 0; i < targets; i++)
                    leaders.Add(next + il.ReadInt32());
                break;
            default:
                il.ReadInt32();
                break;
        }
    }
}
