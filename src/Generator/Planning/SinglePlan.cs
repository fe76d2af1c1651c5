namespace Backprop.Generator.Planning;

/// <summary>How a single sample goes through the network at one vector width.</summary>
/// <param name="InRegisters">Whether its values stay in registers from the inputs to the update, so that it takes no scratch.</param>
/// <param name="ForwardInVariables">Whether its forward pass goes from layer to layer in variables, so that it takes no scratch: activations are stored for training only.</param>
/// <param name="InlinesForward">Whether its forward pass is inlined into what follows it.</param>
/// <param name="StepInVariables">Whether its training step goes from layer to layer in variables on its way back too: activations and δ pass through memory only to what takes them a block at a time.</param>
/// <param name="InlinesStep">Whether that step is one method: in loops, with its way back; in registers, with its forward pass.</param>
internal sealed record SinglePlan(bool InRegisters, bool ForwardInVariables, bool InlinesForward, bool StepInVariables, bool InlinesStep);
