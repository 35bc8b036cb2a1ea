/**
 * What the node makes, as the canvas shows it below the node's name: `Vidu Q2 Turbo · image to video`. It reads the form
 * as it is written: an expression in it has no value before the flow has run. `words` makes `textToVideo` readable, `name`
 * is what was chosen from a list, or the number in an address. n8n loads it at start, so it is kept short.
 */
export const subtitle = `={{ (p => {
const text = v => v?.trim && v[0] != '=' ? v : '';
const words = v => text(v).replace(/[A-Z]/g, ' $&').toLowerCase();
const name = (v, or) => (text(v?.cachedResultName) || text(v?.value ?? v)).replace(/.*?(\\d{6,}).*/, or + ' $1') || or;
const model = text(p.model);
const made = {
vidu: 'Vidu' + (model == 'vidu/text-to-video' ? ' Q2' : model.split(/to-video|short-play/)[1] ?? '').replace(/-./g, v => ' ' + v[1].toUpperCase()) + ' · ' + words(p.mode).replace('start', 'start and'),
model: name(p.model, 'Model'),
comfyWorkflow: name(p.workflowId, 'ComfyUI workflow'),
aiApp: name(p.webappId, 'AI App'),
quickCreate: name(p.webappId, 'Quick Create')
}[p.resource] ?? p.resource;
return /^submit/.test(p.operation) ? made : words(p.operation) + ': ' + made
})($rawParameter.toJSON?.() ?? $rawParameter) }}`.replaceAll('\n', '');
